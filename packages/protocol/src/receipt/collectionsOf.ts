import {
  type Address,
  type Hex,
  parseSignature,
  signatureToCompactSignature,
  size,
  slice,
  zeroAddress,
  zeroHash,
} from 'viem'

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

/** `Collection` of the ledger. */
export type Collection = {
  payer: Address
  sequence: bigint
  cumulativeFee: bigint
  cap: bigint
  authority: number
  r: Hex
  vs: Hex
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

/**
 * Returns what `ReceiptLedger.settle` takes for vouchers. A signature that is none becomes zeros: the ledger reports it as
 * `NotSigned`, and the others go on.
 */
export function collectionsOf(vouchers: readonly VoucherCollection[]): CollectionsOfReturnType {
  const authorities: Authority[] = []
  const collections = vouchers.map((collection): Collection => {
    const { voucher, sequence, cumulativeFee, isContract = false } = collection
    const { payer, cap, signature } = voucher
    const authority = authorityOf(collection)
    const place = authority === undefined ? 0 : authorities.push(authority)
    const words = isContract ? unsigned : compact(signature)
    return { payer, sequence, cumulativeFee, cap, authority: place, ...words }
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

const unsigned = { r: zeroHash, vs: zeroHash } as const

/** Returns a signature of 64 or 65 bytes as ERC-2098 has it. */
function compact(signature: Hex) {
  if (size(signature) === 64) return { r: slice(signature, 0, 32), vs: slice(signature, 32) }
  try {
    const { r, yParityAndS: vs } = signatureToCompactSignature(parseSignature(signature))
    return { r, vs }
  } catch {
    return unsigned
  }
}
