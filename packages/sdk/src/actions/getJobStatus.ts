import { type JobStatus, jobMarketAbi, jobStatusOf } from '@assay/protocol'
import type { Hash } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'

export type GetJobStatusParameters = ReadParameters & {
  id: Hash
  /** Block as of which to read; the newest by default. */
  blockNumber?: bigint | undefined
}

export type GetJobStatusReturnType = JobStatus

/**
 * Returns where a job stands.
 *
 * @example
 * await getJobStatus(client, { deployment, id })
 * // "Answered"
 */
export async function getJobStatus(
  client: AssayClient,
  parameters: GetJobStatusParameters,
): Promise<GetJobStatusReturnType> {
  const { deployment, id, blockNumber } = parameters
  const code = await readContract(client, {
    abi: jobMarketAbi,
    address: deployment.market,
    functionName: 'statusOf',
    args: [id],
    ...(blockNumber === undefined ? {} : { blockNumber }),
  })
  return jobStatusOf(code)
}
