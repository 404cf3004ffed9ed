import { type AuditOrder, auditsAbi } from '@assay/protocol'
import { encodeFunctionData, parseEventLogs } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type SettleAuditParameters = WriteParameters & { order: AuditOrder }

const outcomes = { AuditPaid: 'Paid', AuditSlashed: 'Slashed', AuditReturned: 'Returned' } as const

export type SettleAuditReturnType = Submitted & {
  /** Whether the auditor earned the reward, lost its liability, or nobody earned anything. */
  outcome: (typeof outcomes)[keyof typeof outcomes]
}

/** Ends an audit. Anybody may, once the job is decided, or at once if the audit was not drawn. */
export async function settleAudit(
  client: AssayClient,
  parameters: SettleAuditParameters,
): Promise<SettleAuditReturnType> {
  const { deployment, order } = parameters
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'settle', args: [order] })
  const submitted = await submit(client, { ...parameters, to: deployment.audits, data })
  const eventName = ['AuditPaid', 'AuditSlashed', 'AuditReturned'] as const
  const { logs } = submitted.receipt
  // A settlement emits exactly one of them.
  const [ended] = parseEventLogs({ abi: auditsAbi, eventName: [...eventName], logs })
  return { ...submitted, outcome: outcomes[ended!.eventName] }
}
