import { type Job, jobMarketAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hash, type Hex } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type AnswerJobParameters = WriteParameters & {
  job: Job
  /** Operator that answers; the sender by default, else the sender is its registered signer. */
  operator?: Address | undefined
  output: Hex
  /** What the answer commits to; for exact models the root of the trace. */
  evidenceHash: Hash
}

/**
 * Answers a job in the open; the operator's slot has to be open and its stake free. Whoever must not be copied commits
 * first, as the operator's daemon does.
 *
 * @example
 * await answerJob(client, { deployment, job, output, evidenceHash })
 */
export async function answerJob(
  client: AssayClient,
  parameters: AnswerJobParameters,
): Promise<Submitted> {
  const { deployment, job, output, evidenceHash } = parameters
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  const args = [job, operator, output, evidenceHash] as const
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'answer', args })
  return submit(client, { ...parameters, to: deployment.market, data })
}
