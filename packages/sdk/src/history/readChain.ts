import { type Address, type Hash, padHex } from 'viem'
import { getBlock } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'
import { type JobTransition, jobEventNames, topicOf, toTransition } from '../job/transition.ts'
import type { HistoryEntry, HistoryPage, HistoryQuery, Position } from './historyEntry.ts'
import { formatPosition } from './position.ts'
import { type StoredStatus, statusAsOf } from './statusAsOf.ts'

export type ReadChainParameters = ReadParameters & { query: HistoryQuery }

type Range = { fromBlock: bigint; toBlock: bigint }

type Requested = JobTransition<'JobRequested'>

/** Reads a page of history from events alone. */
export async function readChain(
  client: AssayClient,
  parameters: ReadChainParameters,
): Promise<HistoryPage> {
  const { deployment, query } = parameters
  const head = await getBlock(client)
  const range = { fromBlock: BigInt(deployment.startBlock), toBlock: head.number }
  const requests = await readRequests(client, parameters, range)
  const page = requests.slice(0, query.limit)
  const transitions = await readTransitions(client, parameters, { ...range, page })
  const timeOf = await readTimes(client, transitions)
  const entries = page.map((requested) => {
    const events = transitions.filter(({ args }) => args.id === requested.args.id)
    return toEntry({ requested, events, timeOf, asOf: head.timestamp })
  })
  return { entries, hasMore: requests.length > page.length, asOf: head.timestamp }
}

function compare(a: Position, b: Position) {
  if (a.blockNumber !== b.blockNumber) return a.blockNumber < b.blockNumber ? -1 : 1
  return a.logIndex - b.logIndex
}

/** Every request that the filter leaves after the cursor, in the direction asked for. */
async function readRequests(
  client: AssayClient,
  { deployment, query }: ReadChainParameters,
  range: Range,
) {
  const { payer, model, operator, after, direction } = query
  const address = deployment.market
  const payerTopic = payer ? padHex(payer, { size: 32 }) : null
  const topics = [topicOf('JobRequested'), null, payerTopic, model ?? null]
  const logs = await getLogs(client, { address, topics, ...range })
  const requests = logs.map(toTransition) as Requested[]
  const answered = operator && (await readAnswered(client, { deployment, operator, ...range }))
  const sign = direction === 'asc' ? 1 : -1
  return requests
    .filter((entry) => answered?.has(entry.args.id) ?? true)
    .filter((entry) => after === undefined || sign * compare(entry, after) > 0)
    .sort((a, b) => sign * compare(a, b))
}

async function readAnswered(
  client: AssayClient,
  parameters: ReadParameters & Range & { operator: Address },
): Promise<Set<Hash>> {
  const { deployment, operator, fromBlock, toBlock } = parameters
  const topics = [topicOf('JobAnswered'), null, padHex(operator, { size: 32 })]
  const logs = await getLogs(client, { address: deployment.market, topics, fromBlock, toBlock })
  return new Set(logs.map((log) => toTransition(log).args.id))
}

async function readTransitions(
  client: AssayClient,
  { deployment }: ReadChainParameters,
  { page, ...range }: Range & { page: Requested[] },
): Promise<JobTransition[]> {
  if (page.length === 0) return []
  const topics = [jobEventNames.map(topicOf), page.map(({ args }) => args.id)]
  const logs = await getLogs(client, { address: deployment.market, topics, ...range })
  return logs.map(toTransition)
}

/** Returns the time of each block that a transition is in. */
async function readTimes(client: AssayClient, transitions: JobTransition[]) {
  const numbers = [...new Set(transitions.map(({ blockNumber }) => blockNumber))]
  const blocks = await Promise.all(numbers.map((blockNumber) => getBlock(client, { blockNumber })))
  const times = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]))
  return ({ blockNumber }: JobTransition) => times.get(blockNumber)!
}

type ToEntryParameters = {
  requested: Requested
  /** All events of the job, oldest first. */
  events: JobTransition[]
  timeOf: (entry: JobTransition) => bigint
  asOf: bigint
}

function toEntry({ requested, events, timeOf, asOf }: ToEntryParameters): HistoryEntry {
  const { id, job } = requested.args
  const state = { storedStatus: 'Open' as StoredStatus, openChallenges: 0, finalAt: 0n, asOf }
  const entry: HistoryEntry = {
    id,
    payer: job.payer,
    model: job.model,
    status: 'Open',
    operator: undefined,
    output: undefined,
    escrowed: job.feeMax,
    fee: 0n,
    protocolFee: 0n,
    refund: 0n,
    requestedAt: timeOf(requested),
    answeredAt: undefined,
    finalAt: undefined,
    settledAt: undefined,
    refutedAt: undefined,
    expiredAt: undefined,
    position: formatPosition(requested),
  }
  for (const event of events) apply(entry, state, event, timeOf(event))
  return {
    ...entry,
    status: statusAsOf(state),
    finalAt: entry.answeredAt === undefined ? undefined : state.finalAt,
  }
}

type State = { storedStatus: StoredStatus; openChallenges: number; finalAt: bigint }

function apply(entry: HistoryEntry, state: State, event: JobTransition, time: bigint) {
  const { name, args } = event
  switch (name) {
    case 'JobCommitted':
      state.storedStatus = 'Committed'
      return
    case 'SeatForfeited':
      state.storedStatus = 'Open'
      return
    case 'JobAnswered': {
      const { operator, output, fee, protocolFee } = args
      Object.assign(entry, { operator, output, fee, protocolFee, answeredAt: time })
      Object.assign(state, { storedStatus: 'Answered', finalAt: args.challengeUntil })
      return
    }
    case 'JobSuspended':
      state.openChallenges = Number(args.open)
      return
    case 'JobResumed':
      Object.assign(state, { openChallenges: Number(args.open), finalAt: args.finalAt })
      return
    case 'JobSettled':
      state.storedStatus = 'Settled'
      Object.assign(entry, { refund: args.refund, settledAt: time })
      return
    case 'JobRefuted':
      state.storedStatus = 'Refuted'
      Object.assign(entry, { refund: args.refund, refutedAt: time })
      return
    case 'JobExpired':
      state.storedStatus = 'Expired'
      Object.assign(entry, { refund: args.refund, expiredAt: time })
  }
}
