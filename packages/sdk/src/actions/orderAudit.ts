import { type AuditOrder, auditIdOf, auditsAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type OrderAuditParameters = WriteParameters & Omit<AuditOrder, 'orderer'>

export type OrderAuditReturnType = Submitted & {
  auditId: Hash
  /** What every later call about this audit takes. */
  order: AuditOrder
}

/**
 * Sets a reward aside, from the sender's escrow balance with the audits contract, for whoever is drawn to check a job's
 * answer. Before there is an answer; what is not earned comes back.
 *
 * @example
 * await deposit(client, { deployment, spender: deployment.audits, amount: 1_000_000n })
 * const { order } = await orderAudit(client, { deployment, jobId, model, ratePpm: 50_000, reward: 1_000_000n })
 */
export async function orderAudit(
  client: AssayClient,
  parameters: OrderAuditParameters,
): Promise<OrderAuditReturnType> {
  const { deployment, jobId, model, ratePpm, reward } = parameters
  const { audits, chainId } = deployment
  const orderer = accountOf(client, parameters.account).address
  const order = { jobId, model, orderer, ratePpm, reward }
  const args = [jobId, model, ratePpm, reward] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'order', args })
  const submitted = await submit(client, { ...parameters, to: audits, data })
  return { ...submitted, order, auditId: auditIdOf({ chainId, audits, order }) }
}
