import type { Batch, SignedReceipt } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

/** A collection of a batch. */
export type OutcomeParameters = {
  batch: Batch
  /** All outcomes of the batch, as they are after what was refunded: see `refundBatch`. */
  outcomes: readonly bigint[]
  /** Place of the collection among them. */
  outcome: number
}

export type ProveOverchargeParameters = WriteParameters & OutcomeParameters & SignedReceipt

/**
 * Slashes an operator that collected more at a place of a channel than its receipt there says; the sender is rewarded, and the
 * payer gets the difference back if the batch still waits.
 */
export async function proveOvercharge(
  client: AssayClient,
  parameters: ProveOverchargeParameters,
): Promise<Submitted> {
  const { receipt, signature, batch, outcomes, outcome } = parameters
  const args = [{ receipt, signature }, batch, outcomes, BigInt(outcome)] as const
  return submitToLedger(client, parameters, { functionName: 'proveOvercharge', args })
}
