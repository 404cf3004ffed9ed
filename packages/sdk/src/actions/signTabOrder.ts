import { orderTypedData, type SignedOrder } from '@assay/protocol/receipt'
import type { Account, Address } from 'viem'
import { signTypedData } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { getTab } from './getTab.ts'

export type SignTabOrderParameters = ReadParameters & {
  operator: Address
  /** What the tab shall have been funded with in all, in token units: `funded` of `getTab` and what is to come. */
  total: bigint
  /** How often the tab was closed; read from the chain by default. */
  epoch?: number | undefined
  /** Account that pays; the client's own by default. */
  account?: Account | Address | undefined
}

export type SignTabOrderReturnType = SignedOrder

/**
 * Orders that a tab be funded from the payer's escrow balance with the ledger. Nothing is sent: anybody may submit it with
 * `fundTab`, the operator above all.
 *
 * @example
 * const { funded } = await getTab(client, { deployment, operator })
 * const order = await signTabOrder(client, { deployment, operator, total: funded + 1_000_000n })
 */
export async function signTabOrder(
  client: AssayClient,
  parameters: SignTabOrderParameters,
): Promise<SignTabOrderReturnType> {
  const { deployment, operator, total } = parameters
  const account = accountOf(client, parameters.account)
  const payer = account.address
  const epoch = parameters.epoch ?? (await getTab(client, { deployment, operator, payer })).epoch
  const order = { payer, operator, total, epoch }
  const typed = orderTypedData({ ...deployment, order })
  return { ...order, signature: await signTypedData(client, { account, ...typed }) }
}
