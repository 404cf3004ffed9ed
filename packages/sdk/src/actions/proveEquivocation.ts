import type { SignedReceipt } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type ProveEquivocationParameters = WriteParameters & {
  /** Two receipts, or receipt documents, of one place in a channel. */
  first: SignedReceipt
  second: SignedReceipt
}

/** Slashes an operator that signed two receipts for one place; the sender is rewarded. Afterwards either fee can be refunded. */
export async function proveEquivocation(
  client: AssayClient,
  parameters: ProveEquivocationParameters,
): Promise<Submitted> {
  const args = [parameters.first, parameters.second] as const
  return submitToLedger(client, parameters, { functionName: 'proveEquivocation', args })
}
