import type { AuditOrder } from '@assay/protocol'
import { type ReadAuditReturnType, readAudit } from '@assay/sdk'
import type { Address, Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { findAudit } from './findAudit.ts'
import { formatRate } from './rate.ts'

export type ShowAuditOptions = ChainOptions & {
  /** Auditor whose slot to show. */
  auditor?: Address
}

/** Shows where an audit stands. */
export async function showAudit(
  scene: Scene,
  { id, auditor }: ShowAuditOptions & { id: Hash },
): Promise<Report> {
  const { order } = await findAudit(scene, id)
  return describeAudit(scene, order, auditor)
}

/** Describes an audit as it stands; for a given auditor, with the time from which it may confirm. */
export async function describeAudit(
  { client, deployment, token }: Scene,
  order: AuditOrder,
  auditor?: Address,
): Promise<Report> {
  const audit = await readAudit(client, { deployment, order, auditor })
  const { auditId, status, isDrawn, opensAt, confirmUntil, liability } = audit
  const reward = formatAmount(order.reward, token)
  return {
    lines: [
      `audit ${auditId}`,
      `  status     ${status}${status === 'Opened' ? `, ${drawOf(audit)}` : ''}`,
      `  job        ${order.jobId}`,
      `  version    ${order.model}`,
      `  orderer    ${order.orderer}`,
      `  rate       ${formatRate(order.ratePpm)}`,
      `  reward     ${reward}, for ${formatAmount(liability, token)} at stake`,
      ...(confirmUntil === undefined || status !== 'Opened'
        ? []
        : [`  confirm    ${slotOf(opensAt)}until ${formatTime(confirmUntil)}`]),
      ...(audit.auditor === undefined ? [] : [`  auditor    ${audit.auditor}`]),
    ],
    data: {
      ...{ id: auditId, status, job: order.jobId, version: order.model, orderer: order.orderer },
      ...{ ratePpm: order.ratePpm, reward: order.reward, liability },
      ...{ auditor: audit.auditor ?? null, isDrawn: isDrawn ?? null },
      ...{ opensAt: opensAt ?? null, confirmUntil: confirmUntil ?? null },
    },
  }
}

function drawOf({ isDrawn }: ReadAuditReturnType) {
  if (isDrawn === undefined) return 'the seed is not there'
  return isDrawn ? 'drawn' : 'not drawn'
}

function slotOf(opensAt: bigint | undefined) {
  return opensAt === undefined ? '' : `from ${formatTime(opensAt)} `
}
