import type { AssayClient, ReadParameters } from '../client.ts'
import type { HistoryEntry, HistoryFilter, HistoryPage } from '../history/historyEntry.ts'
import { parsePosition } from '../history/position.ts'
import { readChain } from '../history/readChain.ts'
import { IndexUnavailableError, readIndex } from '../history/readIndex.ts'

export type ReadHistoryParameters = ReadParameters &
  HistoryFilter & {
    /** Base URL of an indexer; without one the chain's events are searched. */
    indexerUrl?: string | undefined
    /** Jobs of a page; 100 by default. */
    limit?: number | undefined
    /** `cursor` of the page before. */
    after?: string | undefined
    /** Oldest or newest first; newest by default. */
    direction?: 'asc' | 'desc' | undefined
    fetch?: typeof fetch | undefined
    signal?: AbortSignal | undefined
  }

export type ReadHistoryReturnType = {
  entries: HistoryEntry[]
  /** Where the next page starts, in either source; undefined after the last. */
  cursor: string | undefined
  /** Unix time in seconds as of which this holds: the newest block that the source knows. */
  asOf: bigint
  source: 'index' | 'chain'
  /** Why the indexer was not used, if one was given. */
  failure: IndexUnavailableError | undefined
}

/**
 * Reads a page of the settlement history: from the indexer or, where that cannot be had, from the chain's events.
 *
 * @example
 * const { entries, cursor } = await readHistory(client, { deployment, indexerUrl, payer })
 * const next = await readHistory(client, { deployment, indexerUrl, payer, after: cursor })
 */
export async function readHistory(
  client: AssayClient,
  parameters: ReadHistoryParameters,
): Promise<ReadHistoryReturnType> {
  const { deployment, indexerUrl, signal, fetch = globalThis.fetch } = parameters
  const { payer, operator, model, limit = 100, direction = 'desc' } = parameters
  const after = parameters.after === undefined ? undefined : parsePosition(parameters.after)
  const query = { payer, operator, model, limit, direction, after }
  const readEvents = () => readChain(client, { deployment, query })
  if (indexerUrl === undefined) return toResult(await readEvents(), 'chain')
  try {
    const page = await readIndex({ deployment, query, indexerUrl, fetch, signal })
    return toResult(page, 'index')
  } catch (error) {
    if (!(error instanceof IndexUnavailableError)) throw error
    return toResult(await readEvents(), 'chain', error)
  }
}

function toResult(
  { entries, hasMore, asOf }: HistoryPage,
  source: 'index' | 'chain',
  failure?: IndexUnavailableError,
): ReadHistoryReturnType {
  const cursor = hasMore ? entries.at(-1)?.position : undefined
  return { entries, cursor, asOf, source, failure }
}
