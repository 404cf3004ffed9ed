import type { Receipt } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'
import type { OutcomeParameters } from './proveOvercharge.ts'

export type RefundReceiptParameters = WriteParameters & OutcomeParameters & { receipt: Receipt }

/**
 * Gives the fee of a receipt that a penalty struck back to its payer, out of a batch that waits and collected in its channel.
 * Anybody may; where less is left than the fee, only the payer.
 */
export async function refundReceipt(
  client: AssayClient,
  parameters: RefundReceiptParameters,
): Promise<Submitted> {
  const { receipt, batch, outcomes, outcome } = parameters
  const args = [receipt, batch, outcomes, BigInt(outcome)] as const
  return submitToLedger(client, parameters, { functionName: 'refund', args })
}
