import type { Job } from '@assay/protocol'
import { type Address, type Hash, type Hex, padHex } from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'
import { type JobTransition, topicOf, toTransition } from '../job/transition.ts'

export type FindJobParameters = ReadParameters & {
  payer: Address
  salt: Hex
  /** Block from which to search; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

export type FindJobReturnType = { id: Hash; job: Job; hash: Hash } | undefined

/** Returns the job that a payer requested under a salt, and the transaction that did, if there is one. */
export async function findJob(
  client: AssayClient,
  parameters: FindJobParameters,
): Promise<FindJobReturnType> {
  const { deployment, payer, salt, fromBlock = BigInt(deployment.startBlock) } = parameters
  const logs = await getLogs(client, {
    address: deployment.market,
    topics: [topicOf('JobRequested'), null, padHex(payer, { size: 32 })],
    fromBlock,
    toBlock: await getBlockNumber(client, { cacheTime: 0 }),
  })
  const requests = logs.map(toTransition) as JobTransition<'JobRequested'>[]
  const found = requests.find(({ args }) => args.job.salt === salt)
  return found && { id: found.args.id, job: found.args.job, hash: found.transactionHash }
}
