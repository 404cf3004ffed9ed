import type { SignedReceipt } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type DemandReceiptParameters = WriteParameters & SignedReceipt

/**
 * Demands that the operator show in which batch a receipt is, once that is overdue. The ledger's bond comes out of the sender's
 * escrow balance with the ledger; the operator earns it by showing the receipt.
 */
export async function demandReceipt(
  client: AssayClient,
  parameters: DemandReceiptParameters,
): Promise<Submitted> {
  const { receipt, signature } = parameters
  const args = [{ receipt, signature }] as const
  return submitToLedger(client, parameters, { functionName: 'demand', args })
}
