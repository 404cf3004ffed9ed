import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type PledgeStakeParameters = WriteParameters & {
  /** What shall be pledged in all, in token units; at most the sender's active stake behind the ledger. */
  total: bigint
}

/**
 * Promises stake of the sender to the ledger, in place of what it promised before. The stake is that which is allocated to the
 * ledger for the model zero, which stands for all models.
 *
 * @example
 * const stake = { deployment, source: deployment.ledger, model: zeroHash }
 * await allocateStake(client, { ...stake, amount })
 * await activateStake(client, stake)
 * await pledgeStake(client, { deployment, total: amount })
 */
export async function pledgeStake(
  client: AssayClient,
  parameters: PledgeStakeParameters,
): Promise<Submitted> {
  const args = [parameters.total] as const
  return submitToLedger(client, parameters, { functionName: 'pledge', args })
}
