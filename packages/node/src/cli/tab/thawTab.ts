import { getTab, thawTab as thaw } from '@assay/sdk'
import type { Address } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { showChangedTab } from './showTab.ts'

/** Starts to end the sender's tab; does nothing where it ends already. */
export async function thawTab(scene: Scene, operator: Address): Promise<Report> {
  const { client, deployment } = scene
  const payer = scene.account().address
  const { thawedAt } = await getTab(client, { deployment, operator, payer })
  if (thawedAt !== undefined) return showChangedTab(scene, operator, { hash: undefined })
  const { hash } = await thaw(client, { deployment, operator })
  return showChangedTab(scene, operator, { hash })
}
