import { BaseError } from '@assay/protocol'
import { getAddress, type Hex, isAddress, isHex } from 'viem'
import { z } from 'zod'

import type { ReadParameters } from '../client.ts'
import type { HistoryEntry, HistoryPage, HistoryQuery } from './historyEntry.ts'
import { statusAsOf } from './statusAsOf.ts'

/** The indexer could not be asked, or answered something else than a history. */
export class IndexUnavailableError extends BaseError {
  override name = 'IndexUnavailableError'
}

export type ReadIndexParameters = ReadParameters & {
  query: HistoryQuery
  /** Base URL of the indexer. */
  indexerUrl: string
  fetch: typeof fetch
  signal?: AbortSignal | undefined
}

const document = `query History($where: jobFilter, $direction: String, $limit: Int) {
  jobs(where: $where, orderBy: "position", orderDirection: $direction, limit: $limit) {
    items {
      id payer version operator storedStatus openChallenges finalAt feeMax fee protocolFee refund
      time answeredAt settledAt refutedAt expiredAt position answer { output }
    }
    pageInfo { hasNextPage }
  }
  _meta { status }
}`

const hex = z.custom<Hex>((value) => isHex(value))
const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }))
  .transform((value) => getAddress(value))
const integer = z.string().regex(/^\d+$/).transform(BigInt)
const time = integer.nullable().transform((value) => value ?? undefined)

const jobSchema = z.object({
  id: hex,
  payer: address,
  version: hex,
  operator: address.nullable(),
  storedStatus: z.enum(['Open', 'Committed', 'Answered', 'Settled', 'Refuted', 'Expired']),
  openChallenges: z.number(),
  finalAt: integer,
  feeMax: integer,
  fee: integer,
  protocolFee: integer,
  refund: integer,
  time: integer,
  answeredAt: time,
  settledAt: time,
  refutedAt: time,
  expiredAt: time,
  position: z.string(),
  answer: z.object({ output: hex }).nullable(),
})

const replySchema = z.object({
  data: z.object({
    jobs: z.object({
      items: z.array(jobSchema),
      pageInfo: z.object({ hasNextPage: z.boolean() }),
    }),
    _meta: z.object({
      status: z.record(z.string(), z.object({ block: z.object({ timestamp: z.number() }) })),
    }),
  }),
})

/** Reads a page of history from the indexer. */
export async function readIndex(parameters: ReadIndexParameters): Promise<HistoryPage> {
  const { jobs, _meta } = (await ask(parameters)).data
  const [chain] = Object.values(_meta.status)
  if (chain === undefined) throw new IndexUnavailableError('The indexer has indexed nothing yet.')
  const asOf = BigInt(chain.block.timestamp)
  const entries = jobs.items.map((job) => toEntry(job, asOf))
  return { entries, hasMore: jobs.pageInfo.hasNextPage, asOf }
}

async function ask(parameters: ReadIndexParameters) {
  const { indexerUrl, fetch, signal, query } = parameters
  const { limit, direction } = query
  const variables = { where: whereOf(parameters), direction, limit }
  const url = `${indexerUrl.replace(/\/$/, '')}/graphql`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
      ...(signal === undefined ? {} : { signal }),
    })
    return replySchema.parse(await response.json())
  } catch (cause) {
    signal?.throwIfAborted()
    throw new IndexUnavailableError(`The indexer at ${url} did not answer the query.`, { cause })
  }
}

/** The index keeps addresses in lower case, knows places by block and log, and reads a bare list inside `OR` as all `OR`. */
function whereOf({ deployment, query }: ReadIndexParameters) {
  const { payer, operator, model, after, direction } = query
  const than = direction === 'asc' ? 'gt' : 'lt'
  const block = after && String(after.blockNumber)
  const beyond = after && [
    { [`block_${than}`]: block },
    { AND: [{ block }, { [`logIndex_${than}`]: after.logIndex }] },
  ]
  return {
    market: deployment.market.toLowerCase(),
    ...(payer && { payer: payer.toLowerCase() }),
    ...(operator && { operator: operator.toLowerCase() }),
    ...(model && { version: model }),
    ...(beyond && { OR: beyond }),
  }
}

function toEntry(job: z.output<typeof jobSchema>, asOf: bigint): HistoryEntry {
  const { id, payer, version, operator, answer, fee, protocolFee, refund, finalAt } = job
  const { answeredAt, settledAt, refutedAt, expiredAt, position } = job
  return {
    id,
    payer,
    model: version,
    status: statusAsOf({ ...job, asOf }),
    operator: operator ?? undefined,
    output: answer?.output,
    escrowed: job.feeMax,
    fee,
    protocolFee,
    refund,
    requestedAt: job.time,
    answeredAt,
    finalAt: answeredAt === undefined ? undefined : finalAt,
    settledAt,
    refutedAt,
    expiredAt,
    position,
  }
}
