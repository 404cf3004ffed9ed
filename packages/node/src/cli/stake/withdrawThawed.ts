import { freeStake, getAllocation, withdrawStake } from '@assay/sdk'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import type { ShowStakeParameters } from './showStake.ts'
import { sourceOf } from './sourceOf.ts'

/** Takes out what has thawed behind a model version. */
export async function withdrawThawed(
  scene: Scene,
  { version, for: use }: ShowStakeParameters,
): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = scene.account().address
  const stake = { deployment, model: version, source: sourceOf(deployment, use) }
  const { thawing: amount } = await getAllocation(client, { ...stake, operator })
  await freeStake(client, stake)
  const { hash } = await withdrawStake(client, { deployment, amount })
  return {
    lines: [`${formatAmount(amount, token)} withdrawn to ${operator}`, `transaction ${hash}`],
    data: { operator, version, amount, transaction: hash },
  }
}
