import { expire, getJob } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'

/** Returns the fee of a job that nobody answered by its deadline. Anybody may. */
export async function expireJob(scene: Scene, id: Hash): Promise<Report> {
  const { client, deployment, token } = scene
  const { job } = await getJob(client, { deployment, id })
  const { hash } = await expire(client, { deployment, job })
  return {
    lines: [
      `job ${id} was not answered: ${formatAmount(job.feeMax, token)} back to ${job.payer}`,
      `transaction ${hash}`,
    ],
    data: { id, payer: job.payer, refund: job.feeMax, transaction: hash },
  }
}
