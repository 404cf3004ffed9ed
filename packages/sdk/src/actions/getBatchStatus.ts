import type { Batch } from '@assay/protocol/receipt'

import type { AssayClient, ReadParameters } from '../client.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetBatchStatusParameters = ReadParameters & { batch: Batch }

/** `Unknown`: its slot holds another, also the same batch before or after a refund. */
export type GetBatchStatusReturnType = 'Unknown' | 'Settled' | 'Released'

/** Returns whether a batch waits in its slot, or was paid. */
export async function getBatchStatus(
  client: AssayClient,
  parameters: GetBatchStatusParameters,
): Promise<GetBatchStatusReturnType> {
  const args = [parameters.batch] as const
  const call = { functionName: 'batchStatus', args } as const
  const [known, released] = await readLedger(client, parameters, call)
  if (!known) return 'Unknown'
  return released ? 'Released' : 'Settled'
}
