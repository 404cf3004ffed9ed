import { getAllocation } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'

/** Shows what an operator has behind a model version. */
export async function showStake(scene: Scene, version: Hash): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = scene.account().address
  const allocation = await getAllocation(client, { deployment, model: version, operator })
  const { active, pending, thawing, activeAt, thawedAt } = allocation
  const from = (amount: bigint, time: bigint) =>
    `${formatAmount(amount, token)}${amount === 0n ? '' : `, from ${formatTime(time)}`}`
  return {
    lines: [
      `stake of ${operator} behind ${version}`,
      `  active    ${formatAmount(active, token)}`,
      `  pending   ${from(pending, activeAt)}`,
      `  thawing   ${from(thawing, thawedAt)}`,
    ],
    data: { operator, version, active, pending, thawing, activeAt, thawedAt },
  }
}
