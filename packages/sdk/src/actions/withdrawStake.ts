import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type WithdrawStakeParameters = WriteParameters & {
  /** Tokens, in token units. */
  amount: bigint
  /** Who gets them; the sender by default. */
  to?: Address | undefined
}

/** Takes free stake of the sender out. */
export async function withdrawStake(
  client: AssayClient,
  parameters: WithdrawStakeParameters,
): Promise<Submitted> {
  const { deployment, amount } = parameters
  const to = parameters.to ?? accountOf(client, parameters.account).address
  const args = [amount, to] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'withdraw', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
