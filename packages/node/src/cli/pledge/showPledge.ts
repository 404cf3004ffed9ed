import { getAllocation, getPledge } from '@assay/sdk'
import type { Address } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { allModels } from '../stake/sourceOf.ts'

/** Shows what stands behind an operator's receipts. */
export async function showPledge(scene: Scene, given?: Address): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = given ?? scene.account().address
  const [{ pledged, reserved, batches }, { active }] = await Promise.all([
    getPledge(client, { deployment, operator }),
    getAllocation(client, { deployment, model: allModels, source: deployment.ledger, operator }),
  ])
  const money = (amount: bigint) => formatAmount(amount, token)
  return {
    lines: [
      `pledge of ${operator} behind its receipts`,
      `  pledged   ${money(pledged)}, of ${money(active)} active stake`,
      `  reserved  ${money(reserved)}, by batches that wait`,
      `  batches   ${batches} settled`,
    ],
    data: { operator, pledged, reserved, active, batches },
  }
}
