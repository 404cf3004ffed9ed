import { envelopeLength } from '@assay/protocol/envelope'
import type { Address, Hash } from 'viem'

type Request = {
  /** Base URL of the operator. */
  endpoint: string
  /** Bytes that the answer has. */
  length: number
  signal: AbortSignal
}

export type FetchTraceParameters = Request & {
  claimId: Hash
  /** Who asks, where the input is sealed: what comes back is then an envelope for it around as many bytes. */
  recipient?: Address | undefined
}

export type FetchInputParameters = Request & { inputHash: Hash }

/** What became of asking an operator. */
export type Fetched = { bytes: Uint8Array } | { reason: string }

/** Asks operators for what answers were computed from. */
export type OperatorClient = {
  trace: (parameters: FetchTraceParameters) => Promise<Fetched>
  input: (parameters: FetchInputParameters) => Promise<Fetched>
}

export type CreateOperatorClientParameters = {
  fetch: typeof globalThis.fetch
  /** Milliseconds after which an operator counts as not serving. */
  timeoutMs: number
}

/**
 * Creates what asks operators for traces and inputs. Whoever is asked may be hostile: an answer that is slow, endless,
 * redirected or malformed is no answer.
 */
export function createOperatorClient(parameters: CreateOperatorClientParameters): OperatorClient {
  const { fetch, timeoutMs } = parameters

  async function get(path: string, { endpoint, length, signal }: Request): Promise<Fetched> {
    const url = urlOf(endpoint, path)
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

  return {
    trace({ claimId, recipient, ...request }) {
      if (recipient === undefined) return get(`traces/${claimId}`, request)
      const length = envelopeLength(1, request.length)
      return get(`traces/${claimId}?recipient=${recipient}`, { ...request, length })
    },
    input: ({ inputHash, ...request }) => get(`inputs/${inputHash}`, request),
  }
}

function urlOf(endpoint: string, path: string): URL | undefined {
  const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
  if (!URL.canParse(base)) return undefined
  const url = new URL(path, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

/** Reads no more than a byte too many. */
async function readExactly(response: Response, length: number): Promise<Fetched> {
  const bytes = new Uint8Array(length)
  let filled = 0
  for await (const chunk of response.body ?? []) {
    if (filled + chunk.length > length) return { reason: `it sent more than ${length} bytes` }
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return filled === length ? { bytes } : { reason: `it sent ${filled} of ${length} bytes` }
}
