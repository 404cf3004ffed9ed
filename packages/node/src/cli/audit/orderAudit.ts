import { auditIdOf } from '@assay/protocol'
import { findAudits, getEscrowBalance, getJob, orderAudit as order } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import { FundsMissingError, JobStateError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { describeAudit } from './showAudit.ts'

export type OrderAuditOptions = ChainOptions & {
  /** Probability of the audit, in parts per million. */
  rate: number
  reward: string
}

/** Sets a reward aside for whoever is drawn to check a job's answer; the same order is paid once. */
export async function orderAudit(
  scene: Scene,
  options: OrderAuditOptions & { jobId: Hash },
): Promise<Report> {
  const { client, deployment, token } = scene
  const { jobId, rate: ratePpm } = options
  const orderer = scene.account().address
  const { job, status } = await getJob(client, { deployment, id: jobId })
  const ordered = { jobId, model: job.model, ratePpm, reward: parseAmount(options.reward, token) }
  const audit = { ...ordered, orderer }
  const id = auditIdOf({ ...deployment, order: audit })
  const [found] = await findAudits(client, { deployment, id })
  let transaction = found?.hash
  if (transaction === undefined) {
    if (status !== 'Open' && status !== 'Committed') {
      throw new JobStateError(jobId, status, 'an audit is ordered before there is an answer')
    }
    await needEscrow(scene, ordered.reward)
    transaction = (await order(client, { deployment, ...ordered })).hash
  }
  const { lines, data } = await describeAudit(scene, audit)
  return { lines: [...lines, `transaction ${transaction}`], data: { ...data, transaction } }
}

async function needEscrow({ client, deployment, token, account }: Scene, reward: bigint) {
  const payer = account().address
  const spender = deployment.audits
  const balance = await getEscrowBalance(client, { deployment, payer, spender })
  if (balance >= reward) return
  const held = `has ${formatAmount(balance, token)} in escrow for audits`
  throw new FundsMissingError(payer, `${held}, the reward needs ${formatAmount(reward, token)}`, [
    '"assay deposit AMOUNT --for audits" puts tokens there.',
  ])
}
