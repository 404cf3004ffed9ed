import { type JobStatus, jobMarketAbi, type Settlement } from '@assay/protocol'
import { encodeFunctionData, type Hash, parseEventLogs } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'

import type { AssayClient, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'
import { getJob } from './getJob.ts'

export type ClaimManyParameters = WriteParameters & {
  ids: readonly Hash[]
  /** Jobs per transaction; 50 by default. */
  batchSize?: number | undefined
}

export type ClaimManyReturnType = {
  /** Jobs that were settled now. */
  settled: Hash[]
  /** Jobs that could not be settled: not final yet, ended otherwise, or settled before. */
  skipped: { id: Hash; status: JobStatus; isSettled: boolean }[]
  hashes: Hash[]
}

type Found = { id: Hash; status: JobStatus; isSettled: boolean; settlement: Settlement | undefined }

/**
 * Settles every final job of a list: operators earn their fees, payers get back what was not used. Anybody may.
 *
 * @example
 * const { settled } = await claimMany(client, { deployment, ids })
 */
export async function claimMany(
  client: AssayClient,
  parameters: ClaimManyParameters,
): Promise<ClaimManyReturnType> {
  const { deployment, ids, batchSize = 50 } = parameters
  const blockNumber = await getBlockNumber(client, { cacheTime: 0 })
  const find = async (id: Hash): Promise<Found> => {
    const [{ status, answer }, isSettled] = await Promise.all([
      getJob(client, { deployment, id, blockNumber }),
      readContract(client, {
        abi: jobMarketAbi,
        address: deployment.market,
        functionName: 'isSettled',
        args: [id],
        blockNumber,
      }),
    ])
    return { id, status, isSettled, settlement: answer?.settlement }
  }
  const found: Found[] = []
  // A batch at a time, so that a long list does not flood the node.
  for (const batch of batches([...new Set(ids)], batchSize)) {
    found.push(...(await Promise.all(batch.map(find))))
  }
  const due = found.filter(({ status, isSettled }) => status === 'Final' && !isSettled)
  const result: ClaimManyReturnType = {
    settled: [],
    skipped: found
      .filter((entry) => !due.includes(entry))
      .map(({ settlement: _, ...rest }) => rest),
    hashes: [],
  }
  for (const batch of batches(due, batchSize)) {
    const { hash, settled } = await claimBatch(client, parameters, batch)
    result.hashes.push(hash)
    result.settled.push(...settled)
  }
  return result
}

function batches<item>(items: item[], size: number): item[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size))
}

async function claimBatch(client: AssayClient, parameters: ClaimManyParameters, batch: Found[]) {
  const args = [
    batch.map(({ id }) => id),
    batch.flatMap(({ settlement }) => settlement ?? []),
  ] as const
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'claimMany', args })
  const to = parameters.deployment.market
  const { hash, receipt } = await submit(client, { ...parameters, to, data })
  const logs = parseEventLogs({ abi: jobMarketAbi, eventName: 'JobSettled', logs: receipt.logs })
  return { hash, settled: logs.map((log) => log.args.id) }
}
