import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type WithdrawRewardParameters = WriteParameters & {
  /** Who gets it; the sender by default. */
  to?: Address | undefined
}

/** Takes out what the sender earned by refuting. */
export async function withdrawReward(
  client: AssayClient,
  parameters: WithdrawRewardParameters,
): Promise<Submitted> {
  const { deployment } = parameters
  const args = [parameters.to ?? accountOf(client, parameters.account).address] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'withdrawReward', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
