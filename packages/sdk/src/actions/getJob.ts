import { claimIdOf, claimOf, type Deployment, type Job, settlementOf } from '@assay/protocol'
import type { Hash } from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { JobUnknownError } from '../errors/errors.ts'
import { getLogs } from '../internal/getLogs.ts'
import type { JobAnswer, JobRecord } from '../job/jobRecord.ts'
import { type JobTransition, jobEventNames, topicOf, toTransition } from '../job/transition.ts'
import { getJobStatus } from './getJobStatus.ts'

export type GetJobParameters = ReadParameters & {
  id: Hash
  /** Block from which to search for the request; the deployment's first by default. */
  fromBlock?: bigint | undefined
  /** Block as of which to read; the newest by default. */
  blockNumber?: bigint | undefined
}

export type GetJobReturnType = JobRecord

/**
 * Rebuilds a job from its events: the job itself, its answer with claim and settlement, and every transition.
 *
 * @example
 * const { status, answer } = await getJob(client, { deployment, id })
 * // answer.output: "0x07…"
 */
export async function getJob(
  client: AssayClient,
  parameters: GetJobParameters,
): Promise<GetJobReturnType> {
  const { deployment, id, fromBlock = BigInt(deployment.startBlock) } = parameters
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(client, { cacheTime: 0 }))
  const [status, logs] = await Promise.all([
    getJobStatus(client, { deployment, id, blockNumber }),
    getLogs(client, {
      address: deployment.market,
      topics: [jobEventNames.map(topicOf), id],
      fromBlock,
      toBlock: blockNumber,
    }),
  ])
  const transitions = logs.map(toTransition)
  const requested = find(transitions, 'JobRequested')
  if (requested === undefined) throw new JobUnknownError({ id, fromBlock })
  const { job, input } = requested.args
  const answer = answerOf(deployment, job, find(transitions, 'JobAnswered'))
  return { id, job, input, status, answer, transitions, blockNumber }
}

function find<name extends JobTransition['name']>(transitions: JobTransition[], name: name) {
  type Named = Extract<JobTransition, { name: name }>
  return transitions.find((entry): entry is Named => entry.name === name)
}

function answerOf(
  deployment: Deployment,
  job: Job,
  answered: JobTransition<'JobAnswered'> | undefined,
): JobAnswer | undefined {
  if (answered === undefined) return undefined
  const { chainId, market } = deployment
  const { args, name: _, ...place } = answered
  const { id: __, ...rest } = args
  const claim = claimOf({ job, answered: args })
  const claimId = claimIdOf({ chainId, market, claim })
  return { ...rest, ...place, claim, claimId, settlement: settlementOf({ job, answered: args }) }
}
