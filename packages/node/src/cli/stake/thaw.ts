import { thawStake } from '@assay/sdk'

import { parseAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { type ShowStakeParameters, showStake } from './showStake.ts'
import { sourceOf } from './sourceOf.ts'

/** Takes active stake out of the sortition; it can be withdrawn after the delay. */
export async function thaw(
  scene: Scene,
  { amount: text, ...of }: ShowStakeParameters & { amount: string },
): Promise<Report> {
  const { client, deployment, token } = scene
  const amount = parseAmount(text, token)
  const source = sourceOf(deployment, of.for)
  const { hash } = await thawStake(client, { deployment, model: of.version, source, amount })
  const { lines, data } = await showStake(scene, of)
  return { lines, data: { ...data, transaction: hash } }
}
