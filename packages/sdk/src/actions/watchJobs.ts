import { type Address, type Hash, isAddressEqual, padHex } from 'viem'
import { getBlock } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'
import { poll, type WaitOptions } from '../internal/poll.ts'
import { createPulse } from '../internal/pulse.ts'
import { type JobTransition, jobEventNames, topicOf, toTransition } from '../job/transition.ts'

export type WatchJobsParameters = ReadParameters &
  Omit<WaitOptions, 'timeoutMs'> & {
    /** Only these jobs. */
    ids?: readonly Hash[] | undefined
    /** Only jobs of this payer. */
    payer?: Address | undefined
    /** Only jobs of this model version. */
    model?: Hash | undefined
    /** First block of interest; the next one by default. */
    fromBlock?: bigint | undefined
    /** Blocks that must follow an event before it is yielded; none by default. */
    confirmations?: number | undefined
  }

/** `isRemoved`: it was yielded before, and a reorganisation undid it. */
export type WatchedTransition = JobTransition & { isRemoved: boolean }

/** Blocks that are read again at every look: a deeper reorganisation is not noticed. */
const reorgDepth = 64n

/**
 * Yields every event of the jobs of interest, in order, until the signal aborts; what a reorganisation undoes is yielded
 * again as removed.
 *
 * @example
 * for await (const { name, args } of watchJobs(client, { deployment, payer, signal })) console.log(name, args.id)
 */
export async function* watchJobs(
  client: AssayClient,
  parameters: WatchJobsParameters,
): AsyncGenerator<WatchedTransition, void, void> {
  const { signal, attemptTimeoutMs, pollingIntervalMs = client.pollingInterval } = parameters
  const pulse = createPulse(client)
  const options = {
    signal,
    attemptTimeoutMs,
    pollingIntervalMs,
    wait: pulse.wait,
    what: 'events of jobs',
    timeoutMs: Number.POSITIVE_INFINITY,
  }
  try {
    const attempt = await poll({ ...options, attempt: () => createLook(client, parameters) })
    while (true) yield* await poll({ ...options, attempt })
  } catch (error) {
    if (!signal?.aborted) throw error
  } finally {
    pulse.stop()
  }
}

/** Returns a function that looks for what changed since it was last called; undefined if nothing did. */
async function createLook(client: AssayClient, parameters: WatchJobsParameters) {
  const { deployment, confirmations = 0, ids } = parameters
  const topics = [jobEventNames.map(topicOf), ids ? [...ids] : null]
  const first = parameters.fromBlock ?? (await getBlock(client)).number + 1n
  const isWanted = await createFilter(client, parameters, first)
  let yielded: JobTransition[] = []
  let next = first
  return async (): Promise<WatchedTransition[] | undefined> => {
    const toBlock = (await getBlock(client)).number - BigInt(confirmations)
    // A head below what was read is a node that lags, or a reorganisation whose replacement is not there yet.
    if (toBlock < next - 1n || toBlock < first) return undefined
    const fromBlock = next - reorgDepth > first ? next - reorgDepth : first
    const logs = await getLogs(client, { address: deployment.market, topics, fromBlock, toBlock })
    const found = logs.map(toTransition).filter(isWanted)
    const recent = yielded.filter(({ blockNumber }) => blockNumber >= fromBlock)
    const removed = without(recent, found).map((entry) => ({ ...entry, isRemoved: true }))
    const added = without(found, recent).map((entry) => ({ ...entry, isRemoved: false }))
    yielded = found
    next = toBlock + 1n
    return removed.length + added.length > 0 ? [...removed.reverse(), ...added] : undefined
  }
}

function without(entries: JobTransition[], others: JobTransition[]) {
  const keyOf = ({ blockHash, logIndex }: JobTransition) => `${blockHash}-${logIndex}`
  const keys = new Set(others.map(keyOf))
  return entries.filter((entry) => !keys.has(keyOf(entry)))
}

/** Only `JobRequested` names payer and model, so the ids of the jobs that match are remembered, older ones too. */
async function createFilter(client: AssayClient, parameters: WatchJobsParameters, first: bigint) {
  const { deployment, payer, model } = parameters
  if (payer === undefined && model === undefined) return () => true
  const earlier = await getLogs(client, {
    address: deployment.market,
    topics: [
      topicOf('JobRequested'),
      null,
      payer ? padHex(payer, { size: 32 }) : null,
      model ?? null,
    ],
    fromBlock: BigInt(deployment.startBlock),
    toBlock: first - 1n,
  })
  const wanted = new Set(earlier.map((log) => toTransition(log).args.id))
  return ({ name, args }: JobTransition) => {
    if (name !== 'JobRequested') return wanted.has(args.id)
    const isMatch =
      (payer === undefined || isAddressEqual(payer, args.payer)) &&
      (model === undefined || model === args.model)
    if (isMatch) wanted.add(args.id)
    return isMatch
  }
}
