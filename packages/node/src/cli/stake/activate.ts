import { activateStake } from '@assay/sdk'
import type { Hash } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { showStake } from './showStake.ts'

/** Activates stake whose delay is over; only then does it count. */
export async function activate(scene: Scene, version: Hash): Promise<Report> {
  const { client, deployment } = scene
  const { hash } = await activateStake(client, { deployment, model: version })
  const { lines, data } = await showStake(scene, version)
  return { lines, data: { ...data, transaction: hash } }
}
