import type { Hash } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { JobEndedError } from '../errors/errors.ts'
import { type WaitForJobOptions, waitForJob } from '../internal/waitForJob.ts'
import type { AnsweredJob } from '../job/jobRecord.ts'

export type WaitForFinalityParameters = ReadParameters & WaitForJobOptions & { id: Hash }

export type WaitForFinalityReturnType = AnsweredJob

/**
 * Waits until a job's answer can never be refuted any more. Throws `JobEndedError` if it was refuted or nobody answered.
 *
 * @example
 * const { answer } = await waitForFinality(client, { deployment, id, signal: AbortSignal.timeout(600_000) })
 */
export async function waitForFinality(
  client: AssayClient,
  parameters: WaitForFinalityParameters,
): Promise<WaitForFinalityReturnType> {
  return waitForJob(client, {
    ...parameters,
    what: `job ${parameters.id} to be final`,
    accept: (record) => {
      const { id, status, answer } = record
      if (status === 'Refuted' || status === 'Expired') throw new JobEndedError({ id, status })
      return status === 'Final' && answer ? { ...record, answer } : undefined
    },
  })
}
