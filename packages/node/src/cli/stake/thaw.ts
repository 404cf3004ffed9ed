import { thawStake } from '@assay/sdk'
import type { Hash } from 'viem'

import { parseAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { showStake } from './showStake.ts'

/** Takes active stake out of the sortition; it can be withdrawn after the delay. */
export async function thaw(
  scene: Scene,
  { version, amount: text }: { version: Hash; amount: string },
): Promise<Report> {
  const { client, deployment, token } = scene
  const amount = parseAmount(text, token)
  const { hash } = await thawStake(client, { deployment, model: version, amount })
  const { lines, data } = await showStake(scene, version)
  return { lines, data: { ...data, transaction: hash } }
}
