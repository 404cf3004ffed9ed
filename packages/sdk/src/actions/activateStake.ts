import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'
import type { StakeParameters } from './allocateStake.ts'

export type ActivateStakeParameters = StakeParameters & {
  /** Whose stake; the sender's by default. */
  operator?: Address | undefined
}

/** Activates an operator's stake whose delay is over. Anybody may. */
export async function activateStake(
  client: AssayClient,
  parameters: ActivateStakeParameters,
): Promise<Submitted> {
  const { deployment, model, source = deployment.market } = parameters
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  const args = [source, model, operator] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'activate', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
