import { type SignedSessionKey, sessionTypedData } from '@assay/protocol/receipt'
import { type Account, type Address, zeroAddress } from 'viem'
import { signTypedData } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'

export type SignSessionKeyParameters = ReadParameters & {
  /** Key that may sign vouchers. */
  key: Address
  /** Operator whose channel it is for; every operator's by default. */
  operator?: Address | undefined
  /** Most that may ever be collected in one channel by its vouchers, in token units. */
  cap: bigint
  /** Unix time in seconds from which its vouchers are worthless. */
  expiry: bigint
  /** Account that pays; the client's own by default. */
  account?: Account | Address | undefined
}

export type SignSessionKeyReturnType = SignedSessionKey

/**
 * Lets a key sign vouchers for the payer, so that the payer's own key can stay away. Nothing is sent, and nothing but
 * `expiry` ends it.
 *
 * @example
 * const session = await signSessionKey(client, { deployment, key, cap: 1_000_000n, expiry })
 * const voucher = await signVoucher(sessionClient, { deployment, operator, cap: 250_000n, session })
 */
export async function signSessionKey(
  client: AssayClient,
  parameters: SignSessionKeyParameters,
): Promise<SignSessionKeyReturnType> {
  const { deployment, key, operator = zeroAddress, cap, expiry } = parameters
  const account = accountOf(client, parameters.account)
  const session = { payer: account.address, key, operator, cap, expiry }
  const typed = sessionTypedData({ ...deployment, session })
  return { ...session, signature: await signTypedData(client, { account, ...typed }) }
}
