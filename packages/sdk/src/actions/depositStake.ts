import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { allow } from '../internal/allow.ts'
import { submit } from '../internal/submit.ts'

export type DepositStakeParameters = WriteParameters & {
  /** Tokens, in token units. */
  amount: bigint
  /** Whose free stake grows; the sender's by default. */
  operator?: Address | undefined
}

/** Adds tokens of the sender to an operator's free stake; approves the contract first where the allowance is too small. */
export async function depositStake(
  client: AssayClient,
  parameters: DepositStakeParameters,
): Promise<Submitted> {
  const { deployment, amount } = parameters
  const { staking } = deployment
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  await allow(client, { ...parameters, puller: staking })

  const args = [operator, amount] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'deposit', args })
  return submit(client, { ...parameters, to: staking, data })
}
