import { type Deployment, operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type LocalAccount, type PublicClient } from 'viem'

import { closedStates } from '../journal/intent.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { SeenHead } from './blockClock.ts'
import { type PlanEffectContext, planEffect } from './planEffect.ts'

export type RewardPlannerContext = PlanEffectContext & {
  account: LocalAccount
  client: Pick<PublicClient, 'readContract'>
  deployment: Deployment
  journal: Pick<Journal, 'intents'>
}

export type CreateRewardPlannerParameters = {
  /** Who gets the rewards. */
  to: Address
  /** Names what the account did that is rewarded: rewards are asked for whenever this changes, and at the start. */
  cause: () => string
}

export type RewardPlanner = {
  /** Plans to withdraw what slashing others has earned. */
  plan: (head: SeenHead) => Promise<void>
}

/** Creates what fetches the account's share of stakes that it had slashed. */
export function createRewardPlanner(
  context: RewardPlannerContext,
  { to, cause }: CreateRewardPlannerParameters,
): RewardPlanner {
  const { account, client, deployment, journal } = context
  const { address } = account
  let asked: string | undefined

  async function planWithdrawal(head: SeenHead) {
    const reward = await client.readContract({
      ...{ address: deployment.staking, abi: operatorStakingAbi, blockNumber: head.number },
      functionName: 'rewardOf',
      args: [address],
    })
    if (reward === 0n) return
    const call = { abi: operatorStakingAbi, functionName: 'withdrawReward', args: [to] } as const
    planEffect(context, {
      key: `${address}:withdraw:${head.number}`,
      kind: 'withdraw',
      to: deployment.staking,
      data: encodeFunctionData(call),
      subjects: [address],
    })
  }

  return {
    async plan(head) {
      const current = cause()
      if (current === asked) return
      const last = journal.intents.about('withdraw', address)
      if (last !== undefined && !closedStates.includes(last.state)) return
      journal.intents.release('withdraw', address)
      if ((last?.minedBlock ?? -1n) >= head.number) return
      await planWithdrawal(head)
      asked = current
    },
  }
}
