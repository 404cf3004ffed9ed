import { getAllocation } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { type StakeUse, sourceOf } from './sourceOf.ts'

export type ShowStakeParameters = {
  /** Model version that the stake backs. */
  version: Hash
  for: StakeUse
}

const subjects = {
  answers: (version: Hash) => `behind ${version}`,
  audits: (version: Hash) => `for audits behind ${version}`,
  receipts: () => 'for receipts of all models',
}

/** Shows what an operator or auditor has behind a model version. */
export async function showStake(
  scene: Scene,
  { version, for: use }: ShowStakeParameters,
): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = scene.account().address
  const allocation = await getAllocation(client, {
    ...{ deployment, model: version, operator },
    source: sourceOf(deployment, use),
  })
  const { active, pending, thawing, activeAt, thawedAt } = allocation
  const from = (amount: bigint, time: bigint) =>
    `${formatAmount(amount, token)}${amount === 0n ? '' : `, from ${formatTime(time)}`}`
  return {
    lines: [
      `stake of ${operator} ${subjects[use](version)}`,
      `  active    ${formatAmount(active, token)}`,
      `  pending   ${from(pending, activeAt)}`,
      `  thawing   ${from(thawing, thawedAt)}`,
    ],
    data: { operator, version, for: use, active, pending, thawing, activeAt, thawedAt },
  }
}
