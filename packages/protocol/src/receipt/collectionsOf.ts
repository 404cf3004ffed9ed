import { type Address, type Hex, zeroAddress } from 'viem'

import { type Collection, encodeCollection } from './encodeCollection.ts'
import type { SignedVoucher } from './signed.ts'

/** A payer's part of a batch. */
export type VoucherCollection = {
  voucher: SignedVoucher
  /** Receipt up to which the channel is collected. */
  sequence: bigint
  /** `cumulativeFee` of that receipt. */
  cumulativeFee: bigint
  /** True if the payer is a contract that signed the voucher itself (ERC-1271). */
  isContract?: boolean | undefined
}

/** `Authority` of the ledger. */
export type Authority = {
  key: Address
  operator: Address
  cap: bigint
  expiry: bigint
  signature: Hex
}

export type CollectionsOfReturnType = { collections: Collection[]; authorities: Authority[] }

/** Returns what `ReceiptLedger.settle` takes for vouchers. */
export function collectionsOf(vouchers: readonly VoucherCollection[]): CollectionsOfReturnType {
  const authorities: Authority[] = []
  const collections = vouchers.map((collection): Collection => {
    const { voucher, sequence, cumulativeFee, isContract = false } = collection
    const { payer, cap } = voucher
    const authority = authorityOf(collection)
    const place = authority === undefined ? 0 : authorities.push(authority)
    const signature = isContract ? undefined : voucher.signature
    return encodeCollection({ payer, sequence, cumulativeFee, cap, authority: place, signature })
  })
  return { collections, authorities }
}

function authorityOf({ voucher, isContract }: VoucherCollection): Authority | undefined {
  const { session, signature } = voucher
  if (isContract) return { key: zeroAddress, operator: zeroAddress, cap: 0n, expiry: 0n, signature }
  if (session === undefined) return undefined
  const { key, operator, cap, expiry } = session
  return { key, operator, cap, expiry, signature: session.signature }
}
