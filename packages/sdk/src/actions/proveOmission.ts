import type { Receipt } from '@assay/protocol/receipt'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type ProveOmissionParameters = WriteParameters & { receipt: Receipt }

/** Slashes an operator that did not open a demanded receipt in time; whoever demanded it is rewarded. Anybody may. */
export async function proveOmission(
  client: AssayClient,
  parameters: ProveOmissionParameters,
): Promise<Submitted> {
  const args = [parameters.receipt] as const
  return submitToLedger(client, parameters, { functionName: 'proveOmission', args })
}
