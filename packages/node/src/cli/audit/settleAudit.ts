import { settleAudit as settle } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { findAudit } from './findAudit.ts'
import { describeAudit } from './showAudit.ts'

/** Ends an audit: the reward goes to the auditor that earned it, or back to whoever ordered it. Anybody may. */
export async function settleAudit(scene: Scene, id: Hash): Promise<Report> {
  const { client, deployment, token } = scene
  const { order } = await findAudit(scene, id)
  const { outcome, hash } = await settle(client, { deployment, order })
  const { lines, data } = await describeAudit(scene, order)
  const reward = formatAmount(order.reward, token)
  const ends = {
    Paid: `${reward} to the auditor's payout address, in escrow for audits`,
    Slashed: `the auditor lost its liability; ${reward} back to ${order.orderer}`,
    Returned: `${reward} back to ${order.orderer}`,
  }
  return {
    lines: [...lines, `  ended      ${ends[outcome]}`, `transaction ${hash}`],
    data: { ...data, outcome, transaction: hash },
  }
}
