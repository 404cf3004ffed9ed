import type { Address } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type ThawTabParameters = WriteParameters & { operator: Address }

/** Starts to end the sender's tab with an operator, which can collect until it is thawed: see `closeTab`. */
export async function thawTab(
  client: AssayClient,
  parameters: ThawTabParameters,
): Promise<Submitted> {
  const args = [parameters.operator] as const
  return submitToLedger(client, parameters, { functionName: 'thaw', args })
}
