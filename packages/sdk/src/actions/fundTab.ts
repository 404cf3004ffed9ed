import type { SignedOrder } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type FundTabParameters = WriteParameters & {
  /** What the payer signed: see `signTabOrder`. The payer itself may send it with any signature. */
  order: SignedOrder
}

/** Carries out a tab order; the payer's escrow balance with the ledger pays, the sender only the gas. */
export async function fundTab(
  client: AssayClient,
  parameters: FundTabParameters,
): Promise<Submitted> {
  const { signature, ...order } = parameters.order
  const args = [order, signature] as const
  return submitToLedger(client, parameters, { functionName: 'fund', args })
}
