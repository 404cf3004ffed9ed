import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type StakeParameters = WriteParameters & {
  /** Model version that the stake backs. */
  model: Hash
  /** Contract that may slash it; the market by default. */
  source?: Address | undefined
}

export type AllocateStakeParameters = StakeParameters & {
  /** Tokens, in token units. */
  amount: bigint
}

/** Puts free stake of the sender behind a model version; it counts once it is activated, after a delay. */
export async function allocateStake(
  client: AssayClient,
  parameters: AllocateStakeParameters,
): Promise<Submitted> {
  const { deployment, model, amount, source = deployment.market } = parameters
  const args = [source, model, amount] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'allocate', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
