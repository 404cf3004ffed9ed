import { operatorStakingAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { submit } from '../internal/submit.ts'
import type { AllocateStakeParameters } from './allocateStake.ts'

export type ThawStakeParameters = AllocateStakeParameters

/** Takes active, unreserved stake of the sender out of the sortition; it can leave after a delay: see `freeStake`. */
export async function thawStake(
  client: AssayClient,
  parameters: ThawStakeParameters,
): Promise<Submitted> {
  const { deployment, model, amount, source = deployment.market } = parameters
  const args = [source, model, amount] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'thaw', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
