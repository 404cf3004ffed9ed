import type { Hash } from 'viem'
import { getBlock } from 'viem/actions'

import { type GetJobParameters, getJob } from '../actions/getJob.ts'
import { getJobStatus } from '../actions/getJobStatus.ts'
import type { AssayClient, ReadParameters } from '../client.ts'
import { JobUnansweredError, JobUnknownError } from '../errors/errors.ts'
import type { JobRecord } from '../job/jobRecord.ts'
import { poll, type WaitOptions } from './poll.ts'
import { createPulse } from './pulse.ts'

export type WaitForJobOptions = WaitOptions & {
  /** Blocks that must follow what is returned, so that no shorter reorganisation can undo it; none by default. */
  confirmations?: number | undefined
  /** Block from which to search for the request; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

export type WaitForJobParameters<result> = ReadParameters &
  WaitForJobOptions & {
    id: Hash
    what: string
    /** Returns what is waited for once the job is there, undefined before; throws if it can never come. */
    accept: (record: JobRecord) => result | undefined
  }

/**
 * Looks at a job, as of `confirmations` blocks ago, until it is accepted. What is returned was read as of one block, so a
 * reorganisation or a node that lags shows at most an earlier state.
 */
export async function waitForJob<result>(
  client: AssayClient,
  parameters: WaitForJobParameters<result>,
): Promise<result> {
  const { deployment, id, fromBlock, confirmations = 0, accept, what, ...options } = parameters
  let refused: JobRecord | undefined
  const attempt = async () => {
    const block = await confirmedBlock(client, confirmations)
    if (block === undefined || block.number < deployment.startBlock) return undefined
    const blockNumber = block.number
    const status = await getJobStatus(client, { deployment, id, blockNumber })
    if (status === 'None') return undefined
    if (refused?.status !== status || !isComplete(refused)) {
      const record = await read(client, { deployment, id, fromBlock, blockNumber })
      const result = record && accept(record)
      if (result !== undefined) return result
      refused = record
    }
    if (refused !== undefined) checkDeadline(refused, block.timestamp)
    return undefined
  }
  const pulse = createPulse(client)
  const { timeoutMs = Number.POSITIVE_INFINITY } = options
  const { pollingIntervalMs = client.pollingInterval } = options
  try {
    const { wait } = pulse
    return await poll({ ...options, what, attempt, wait, timeoutMs, pollingIntervalMs })
  } finally {
    pulse.stop()
  }
}

async function confirmedBlock(client: AssayClient, confirmations: number) {
  const head = await getBlock(client)
  if (confirmations === 0) return head
  const blockNumber = head.number - BigInt(confirmations)
  return blockNumber < 0n ? undefined : getBlock(client, { blockNumber })
}

/** A node can know the newest state before the logs that go with it. */
function isComplete({ status, answer }: JobRecord) {
  return status === 'Open' || status === 'Committed' || answer !== undefined
}

/** A request that is not there yet may still be pending, or unknown to a node that lags. */
async function read(client: AssayClient, parameters: GetJobParameters) {
  try {
    return await getJob(client, parameters)
  } catch (error) {
    if (error instanceof JobUnknownError) return undefined
    throw error
  }
}

function checkDeadline({ id, job, status }: JobRecord, timestamp: bigint) {
  if (status !== 'Open' && status !== 'Committed') return
  const { deadline } = job
  if (timestamp >= deadline) throw new JobUnansweredError({ id, deadline, timestamp })
}
