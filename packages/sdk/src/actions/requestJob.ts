import { type Job, jobIdOf, jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash, type Hex } from 'viem'

import type { AssayClient, WriteParameters } from '../client.ts'
import { SaltReusedError } from '../errors/errors.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'
import { findJob } from './findJob.ts'
import { getJobStatus } from './getJobStatus.ts'
import { type JobTerms, prepareJob } from './prepareJob.ts'

export type RequestJobParameters = WriteParameters & {
  /** The input itself, a pointer to it, or nothing, as payer and operators agree. */
  input?: Hex | undefined
  /** Block from which to search for an earlier request under the same salt. */
  fromBlock?: bigint | undefined
} & ({ job: Job } | JobTerms)

export type RequestJobReturnType = {
  id: Hash
  job: Job
  /** Transaction that requested it; undefined if it was requested before and only its id is known. */
  hash: Hash | undefined
}

/**
 * Requests a job out of the sender's escrow balance, once: the same `job`, or the same `salt`, is found again instead of
 * paid again. To survive a crash while the transaction is pending, too, keep the result of `prepareJob` and pass it as `job`.
 *
 * @example
 * const { id } = await requestJob(client, { deployment, model, inputHash, input, feeMax: 2_000n })
 */
export async function requestJob(
  client: AssayClient,
  parameters: RequestJobParameters,
): Promise<RequestJobReturnType> {
  const { deployment, input = '0x' } = parameters
  const { chainId, market } = deployment
  const existing = await findExisting(client, parameters)
  if (existing !== undefined) return existing

  const job = 'job' in parameters ? parameters.job : await prepareJob(client, parameters)
  const id = jobIdOf({ chainId, market, job })
  const data = encodeFunctionData({
    abi: jobMarketAbi,
    functionName: 'request',
    args: [job, input],
  })
  const { hash } = await submit(client, { ...parameters, to: market, data })
  return { id, job, hash }
}

async function findExisting(
  client: AssayClient,
  parameters: RequestJobParameters,
): Promise<RequestJobReturnType | undefined> {
  const { deployment, fromBlock } = parameters
  if ('job' in parameters) {
    const { job } = parameters
    const id = jobIdOf({ ...deployment, job })
    const status = await getJobStatus(client, { deployment, id })
    return status === 'None' ? undefined : { id, job, hash: undefined }
  }
  const { salt, payer = accountOf(client, parameters.account).address } = parameters
  if (salt === undefined) return undefined
  const found = await findJob(client, { deployment, payer, salt, fromBlock })
  if (found !== undefined) checkTerms(found.id, found.job, parameters)
  return found
}

/** Whatever the caller states about the job has to hold for the one that was found. */
function checkTerms(id: Hash, job: Job, terms: JobTerms) {
  const stated = (Object.keys(job) as (keyof Job)[]).filter(
    (field) => terms[field as keyof JobTerms] !== undefined,
  )
  for (const field of stated) {
    const [given, found] = [terms[field as keyof JobTerms], job[field]]
    if (`${given}`.toLowerCase() === `${found}`.toLowerCase()) continue
    throw new SaltReusedError({ id, salt: job.salt, field, given, found })
  }
}
