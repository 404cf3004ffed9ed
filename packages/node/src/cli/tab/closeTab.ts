import { closeTab as close, getTab } from '@assay/sdk'
import type { Address } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { TabStateError } from './errors.ts'
import { showChangedTab, type TabOptions } from './showTab.ts'

/** Returns what is in a thawed tab to its payer; does nothing where there is nothing and it does not thaw. */
export async function closeTab(
  scene: Scene,
  operator: Address,
  options: TabOptions,
): Promise<Report> {
  const { client, deployment, token } = scene
  const payer = options.payer ?? scene.account().address
  const { left, thawedAt } = await getTab(client, { deployment, operator, payer })
  if (thawedAt === undefined && left > 0n) {
    throw new TabStateError(
      `The tab of ${payer} with ${operator} holds ${formatAmount(left, token)} and does not thaw.`,
      '"assay tab thaw" of its payer starts that.',
    )
  }
  if (thawedAt === undefined) {
    return showChangedTab(scene, operator, { hash: undefined, options })
  }
  const { hash } = await close(client, { deployment, operator, payer })
  const { lines, data } = await showChangedTab(scene, operator, { hash, options })
  const returned = `${formatAmount(left, token)} returned to the balance of ${payer}`
  return { lines: [returned, ...lines], data: { ...data, returned: left } }
}
