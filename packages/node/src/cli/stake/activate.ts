import { activateStake } from '@assay/sdk'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { type ShowStakeParameters, showStake } from './showStake.ts'
import { sourceOf } from './sourceOf.ts'

/** Activates stake whose delay is over; only then does it count. */
export async function activate(scene: Scene, of: ShowStakeParameters): Promise<Report> {
  const { client, deployment } = scene
  const source = sourceOf(deployment, of.for)
  const { hash } = await activateStake(client, { deployment, model: of.version, source })
  const { lines, data } = await showStake(scene, of)
  return { lines, data: { ...data, transaction: hash } }
}
