import { type AuditOrder, auditsAbi, encodeContext } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import type { OfAnswer } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'

export type OpenAuditParameters = WriteParameters & OfAnswer & { order: AuditOrder }

/** Lets the next block decide whether an answer is audited, and by whom. Anybody may, once, early in the challenge window. */
export async function openAudit(
  client: AssayClient,
  parameters: OpenAuditParameters,
): Promise<Submitted> {
  const { deployment, order, answer } = parameters
  const args = [order, encodeContext(answer)] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'open', args })
  return submit(client, { ...parameters, to: deployment.audits, data })
}
