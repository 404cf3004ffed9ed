import {
  type SignedSessionKey,
  type SignedVoucher,
  voucherTypedData,
} from '@assay/protocol/receipt'
import type { Account, Address } from 'viem'
import { signTypedData } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'

export type SignVoucherParameters = ReadParameters & {
  operator: Address
  /** Most that may ever be collected in the channel, in token units. */
  cap: bigint
  /** Account that signs, the payer or the session's key; the client's own by default. */
  account?: Account | Address | undefined
  /** Session key that signs for its payer: see `signSessionKey`. */
  session?: SignedSessionKey | undefined
}

export type SignVoucherReturnType = SignedVoucher

/**
 * Lets an operator collect up to `cap` from the payer's tab, all collections of the channel together. Nothing is sent.
 *
 * @example
 * const voucher = await signVoucher(client, { deployment, operator, cap: 250_000n })
 * const header = encodeVoucherHeader(voucher)
 */
export async function signVoucher(
  client: AssayClient,
  parameters: SignVoucherParameters,
): Promise<SignVoucherReturnType> {
  const { deployment, operator, cap, session } = parameters
  const account = accountOf(client, parameters.account)
  const voucher = { payer: session?.payer ?? account.address, operator, cap }
  const typed = voucherTypedData({ ...deployment, voucher })
  const signature = await signTypedData(client, { account, ...typed })
  return { ...voucher, signature, ...(session && { session }) }
}
