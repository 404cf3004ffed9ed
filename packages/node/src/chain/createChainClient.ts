import { createPublicClient, fallback, http, type PublicClient } from 'viem'

export type CreateChainClientParameters = {
  /** JSON-RPC endpoints, best first. */
  rpcUrls: readonly string[]
  /** Milliseconds after which an endpoint counts as silent. */
  timeoutMs: number
}

/**
 * Creates a client that asks the first endpoint and falls back to the next ones. It never repeats a call by itself:
 * the daemons' own loops do, and they know what may be repeated.
 */
export function createChainClient({
  rpcUrls,
  timeoutMs,
}: CreateChainClientParameters): PublicClient {
  const transports = rpcUrls.map((url) => http(url, { timeout: timeoutMs, retryCount: 0 }))
  return createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime: 0 })
}
