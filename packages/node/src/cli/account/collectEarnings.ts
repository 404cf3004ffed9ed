import { operatorStakingAbi } from '@assay/protocol'
import { collect, withdrawReward } from '@assay/sdk'
import type { Hash } from 'viem'
import { readContract } from 'viem/actions'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'

/** Takes out what the account earned: by refuting, and by answering for the model versions that are named. */
export async function collectEarnings(scene: Scene, models: readonly Hash[]): Promise<Report> {
  const { client, deployment, token } = scene
  const { address: account } = scene.account()
  const reward = await readContract(client, {
    abi: operatorStakingAbi,
    address: deployment.staking,
    functionName: 'rewardOf',
    args: [account],
  })
  const transactions: Hash[] = []
  if (reward > 0n) transactions.push((await withdrawReward(client, { deployment })).hash)
  let fees = 0n
  if (models.length > 0) {
    const collected = await collect(client, { deployment, models })
    fees = collected.amount
    transactions.push(collected.hash)
  }
  return {
    lines: [
      `${formatAmount(reward, token)} earned by refuting, to ${account}`,
      `${formatAmount(fees, token)} earned by answering, to the operator's payout address`,
      ...transactions.map((hash) => `transaction ${hash}`),
    ],
    data: { account, reward, fees, transactions },
  }
}
