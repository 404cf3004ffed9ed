import type { Hash } from 'viem'

export type FetchTraceParameters = {
  /** Base URL of the operator. */
  endpoint: string
  claimId: Hash
  /** Bytes that the trace has. */
  length: number
  signal: AbortSignal
}

/** What became of asking an operator for a trace. */
export type FetchedTrace = { bytes: Uint8Array } | { reason: string }

export type TraceFetcher = (parameters: FetchTraceParameters) => Promise<FetchedTrace>

export type CreateTraceFetcherParameters = {
  fetch: typeof globalThis.fetch
  /** Milliseconds after which an operator counts as not serving. */
  timeoutMs: number
}

/**
 * Creates what asks operators for traces. Whoever is asked may be hostile: an answer that is slow, endless, redirected
 * or malformed is no answer.
 */
export function createTraceFetcher(parameters: CreateTraceFetcherParameters): TraceFetcher {
  const { fetch, timeoutMs } = parameters
  return async ({ endpoint, claimId, length, signal }) => {
    const url = urlOf(endpoint, claimId)
    if (url === undefined) return { reason: 'it has no endpoint' }
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      const response = await fetch(url, { redirect: 'error', signal: limited })
      if (response.status === 200) return await readExactly(response, length)
      await response.body?.cancel()
      return { reason: `it answered ${response.status}` }
    } catch (error) {
      return { reason: error instanceof Error ? error.message : 'it failed' }
    }
  }
}

function urlOf(endpoint: string, claimId: Hash): URL | undefined {
  const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
  if (!URL.canParse(base)) return undefined
  const url = new URL(`traces/${claimId}`, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

/** Reads no more than a byte too many. */
async function readExactly(response: Response, length: number): Promise<FetchedTrace> {
  const bytes = new Uint8Array(length)
  let filled = 0
  for await (const chunk of response.body ?? []) {
    if (filled + chunk.length > length) return { reason: `it sent more than ${length} bytes` }
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return filled === length ? { bytes } : { reason: `it sent ${filled} of ${length} bytes` }
}
