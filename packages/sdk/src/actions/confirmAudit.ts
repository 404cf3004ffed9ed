import { auditsAbi, encodeContext } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'
import type { OpenAuditParameters } from './openAudit.ts'

export type ConfirmAuditParameters = OpenAuditParameters & {
  /** Who vouches, with its stake; the sender by default, which may also be its registered signer. */
  auditor?: Address | undefined
}

/**
 * Vouches that an answer is right, once the auditor's slot is open. Recompute it and keep its trace before: if the answer is
 * refuted, also by silence on a demand that the auditor could have supplied, the auditor loses the audit's liability.
 */
export async function confirmAudit(
  client: AssayClient,
  parameters: ConfirmAuditParameters,
): Promise<Submitted> {
  const { deployment, order, answer } = parameters
  const auditor = parameters.auditor ?? accountOf(client, parameters.account).address
  const args = [order, auditor, encodeContext(answer)] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'confirm', args })
  return submit(client, { ...parameters, to: deployment.audits, data })
}
