import {
  type Deployment,
  type Job,
  jobMarketAbi,
  operatorStakingAbi,
  slotOf,
} from '@assay/protocol'
import { type Address, createPublicClient, getAbiItem, type Hash, http, webSocket } from 'viem'

import type { Stage } from './stage.ts'

/** In which blocks a job's story happened. */
export type JobBlocks = {
  requested: number
  /** First block that could hold the answer: the slot is open, and the seed is in an earlier one. */
  first: number
  answered: number
}

function clientOf({ chain }: Stage) {
  return createPublicClient({ transport: http(chain.url) })
}

type Client = ReturnType<typeof clientOf>

/** Returns the block of each answer so far, by job. */
export async function readAnswers(stage: Stage): Promise<Map<Hash, number>> {
  const { deployment } = stage
  const logs = await clientOf(stage).getLogs({
    address: deployment.market,
    event: getAbiItem({ abi: jobMarketAbi, name: 'JobAnswered' }),
    fromBlock: BigInt(deployment.startBlock),
    toBlock: 'latest',
  })
  return new Map(logs.map(({ args, blockNumber }) => [args.id!, Number(blockNumber)]))
}

/** Returns in which blocks an answered job's story happened. */
export async function blocksOf(
  stage: Stage,
  { job, requestedIn, answered }: { job: Job; requestedIn: Hash; answered: number },
): Promise<JobBlocks> {
  const client = clientOf(stage)
  const operator = stage.cast.ada.address
  const { blockNumber } = await client.getTransactionReceipt({ hash: requestedIn })
  const { timestamp: requestedAt } = await client.getBlock({ blockNumber })
  const { hash: seed } = await client.getBlock({ blockNumber: blockNumber + 1n })
  let first = blockNumber + 2n
  for (; first < BigInt(answered); first += 1n) {
    const { timestamp } = await client.getBlock({ blockNumber: first })
    const weights = await weightsAt(client, stage.deployment, { job, operator, block: first - 1n })
    if (slotOf({ seed, operator, tau: job.tau, requestedAt, ...weights }) <= timestamp) break
  }
  return { requested: Number(blockNumber), first: Number(first), answered }
}

/** The operator's unreserved stake and everybody's, at the end of a block. */
async function weightsAt(
  client: Client,
  { market, staking }: Deployment,
  { job, operator, block: blockNumber }: { job: Job; operator: Address; block: bigint },
) {
  const stakes = { abi: operatorStakingAbi, address: staking, blockNumber } as const
  const [{ active }, totalWeight, reserved] = await Promise.all([
    client.readContract({
      ...stakes,
      functionName: 'allocationOf',
      args: [market, job.model, operator],
    }),
    client.readContract({ ...stakes, functionName: 'totalActive', args: [market, job.model] }),
    client.readContract({
      abi: jobMarketAbi,
      address: market,
      blockNumber,
      functionName: 'reservedOf',
      args: [job.model, operator],
    }),
  ])
  return { weight: active - reserved, totalWeight }
}

/** Notes when this process heard of each block, in milliseconds since 1970. */
export function watchMining({ chain }: Stage) {
  const minedAt = new Map<number, number>()
  const url = chain.url.replace('http', 'ws')
  const client = createPublicClient({ transport: webSocket(url) })
  const stop = client.watchBlocks({
    onBlock: ({ number }) => {
      minedAt.set(Number(number), performance.timeOrigin + performance.now())
    },
    onError: (error) => console.error(error.message),
  })
  return {
    minedAt,
    /** Ends the connection too: a chain does not stop while there is one. */
    async stop() {
      stop()
      const socket = await client.transport.getRpcClient()
      socket.close()
    },
  }
}
