import { getJob, openAudit as open } from '@assay/sdk'
import type { Hash } from 'viem'

import { JobStateError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { findAudit } from './findAudit.ts'
import { describeAudit } from './showAudit.ts'

/** Lets the next block decide whether an answer is audited, and by whom. Anybody may. */
export async function openAudit(scene: Scene, id: Hash): Promise<Report> {
  const { client, deployment } = scene
  const { order } = await findAudit(scene, id)
  const { answer, status } = await getJob(client, { deployment, id: order.jobId })
  if (answer === undefined) {
    throw new JobStateError(order.jobId, status, 'its audit is opened once there is an answer')
  }
  const { hash } = await open(client, { deployment, order, answer })
  const { lines, data } = await describeAudit(scene, order)
  return { lines: [...lines, `transaction ${hash}`], data: { ...data, transaction: hash } }
}
