import { operatorStakingAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash, isAddressEqual } from 'viem'

import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import type { WatcherContext } from './watcher.ts'

export type RewardPlanner = {
  /** Plans to withdraw what refutations have earned. */
  plan: (head: SeenHead) => Promise<void>
}

/** Creates what fetches rewards: it asks for them when it starts, and after every refutation of its own. */
export function createRewardPlanner(context: WatcherContext): RewardPlanner {
  const { account, client, deployment, journal } = context
  const staking = { address: deployment.staking, abi: operatorStakingAbi } as const
  const address = account.address
  let asked: string | undefined

  async function planWithdrawal(head: SeenHead) {
    const reward = await client.readContract({
      ...{ ...staking, blockNumber: head.number },
      functionName: 'rewardOf',
      args: [address],
    })
    if (reward === 0n) return
    const call = {
      abi: operatorStakingAbi,
      functionName: 'withdrawReward',
      args: [address],
    } as const
    planEffect(context, {
      key: `${address}:collect:${head.number}`,
      kind: 'collect',
      to: deployment.staking,
      data: encodeFunctionData(call),
      subjects: [address],
    })
  }

  return {
    async plan(head) {
      const refuted = refutedBy(context).join()
      if (refuted === asked) return
      const last = journal.intents.about('collect', address)
      if (last !== undefined && last.state !== 'final') return
      journal.intents.release('collect', address)
      if ((last?.minedBlock ?? -1n) >= head.number) return
      await planWithdrawal(head)
      asked = refuted
    },
  }
}

function refutedBy({ account, book }: WatcherContext): Hash[] {
  return [...book.jobs.values()]
    .filter(({ refuter }) => refuter !== undefined && isAddressEqual(refuter, account.address))
    .map(({ id }) => id)
}
