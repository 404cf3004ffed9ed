import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'
import type { StakeParameters } from './allocateStake.ts'

export type FreeStakeParameters = StakeParameters & {
  /** Whose stake; the sender's by default. */
  operator?: Address | undefined
}

/** Returns an operator's stake that has thawed to its free stake. Anybody may. */
export async function freeStake(
  client: AssayClient,
  parameters: FreeStakeParameters,
): Promise<Submitted> {
  const { deployment, model, source = deployment.market } = parameters
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  const args = [source, model, operator] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'free', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
