import type { Batch } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type ReleaseBatchParameters = WriteParameters & {
  /** As it is after what was refunded of it: see `refundBatch`. */
  batch: Batch
}

/** Pays a batch to its operator's payout address once its window has passed. Anybody may. */
export async function releaseBatch(
  client: AssayClient,
  parameters: ReleaseBatchParameters,
): Promise<Submitted> {
  const args = [parameters.batch] as const
  return submitToLedger(client, parameters, { functionName: 'release', args })
}
