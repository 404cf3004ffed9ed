import type { Hash } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { JobEndedError } from '../errors/errors.ts'
import { type WaitForJobOptions, waitForJob } from '../internal/waitForJob.ts'
import type { AnsweredJob } from '../job/jobRecord.ts'

export type WaitForAnswerParameters = ReadParameters & WaitForJobOptions & { id: Hash }

export type WaitForAnswerReturnType = AnsweredJob

/**
 * Waits until a job is answered. The answer can still be refuted: see `waitForFinality`.
 *
 * @example
 * const { answer } = await waitForAnswer(client, { deployment, id, timeoutMs: 60_000 })
 * // answer.output: "0x07…"
 */
export async function waitForAnswer(
  client: AssayClient,
  parameters: WaitForAnswerParameters,
): Promise<WaitForAnswerReturnType> {
  return waitForJob(client, {
    ...parameters,
    what: `an answer to job ${parameters.id}`,
    accept: (record) => {
      const { id, status, answer } = record
      if (status === 'Refuted' || status === 'Expired') throw new JobEndedError({ id, status })
      return answer && { ...record, answer }
    },
  })
}
