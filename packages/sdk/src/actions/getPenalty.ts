import type { AssayClient, ReadParameters } from '../client.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetPenaltyParameters = ReadParameters & {
  /** Fee of the receipt that is struck, or what was collected over it, in token units. */
  amount: bigint
}

/** Returns the stake that one penalty costs an operator which has as much, in token units. */
export async function getPenalty(
  client: AssayClient,
  parameters: GetPenaltyParameters,
): Promise<bigint> {
  return readLedger(client, parameters, { functionName: 'penaltyOf', args: [parameters.amount] })
}
