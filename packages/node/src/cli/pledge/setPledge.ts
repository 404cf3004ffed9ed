import { getAllocation, getPledge, pledgeStake } from '@assay/sdk'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import { FundsMissingError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { allModels } from '../stake/sourceOf.ts'
import { showPledge } from './showPledge.ts'

/** Promises stake to the ledger in place of what was promised before. */
export async function setPledge(scene: Scene, text: string): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = scene.account().address
  const total = parseAmount(text, token)
  const [{ pledged }, { active }] = await Promise.all([
    getPledge(client, { deployment, operator }),
    getAllocation(client, { deployment, model: allModels, source: deployment.ledger, operator }),
  ])
  if (pledged === total) {
    const { lines, data } = await showPledge(scene, operator)
    return {
      lines: [...lines, 'pledged before; nothing was sent'],
      data: { ...data, transaction: null },
    }
  }
  if (active < total) {
    const held = `has ${formatAmount(active, token)} of active stake for receipts`
    throw new FundsMissingError(operator, `${held}, needed ${formatAmount(total, token)}`, [
      '"assay stake add AMOUNT --for receipts --wait" adds to it.',
    ])
  }
  const { hash } = await pledgeStake(client, { deployment, total })
  const { lines, data } = await showPledge(scene, operator)
  return { lines: [...lines, `transaction ${hash}`], data: { ...data, transaction: hash } }
}
