import { createPublicClient, http, type PublicClient } from 'viem'

import type { Clock } from '../support/clock.ts'
import { createFailover } from './createFailover.ts'

export type CreateChainClientParameters = {
  /** JSON-RPC endpoints, best first. */
  rpcUrls: readonly string[]
  /** Milliseconds after which an endpoint counts as silent. */
  timeoutMs: number
  clock: Pick<Clock, 'elapsed'>
}

/** Milliseconds for which an endpoint that failed is asked last. */
const cooldownMs = 30_000

/**
 * Creates a client of several nodes. It never repeats a call to one by itself: the daemons' own loops do, and they know
 * what may be repeated.
 */
export function createChainClient(parameters: CreateChainClientParameters): PublicClient {
  const { rpcUrls, timeoutMs, clock } = parameters
  const transports = rpcUrls.map((url) => http(url, { timeout: timeoutMs, retryCount: 0 }))
  const transport = createFailover({ transports, cooldownMs, clock })
  return createPublicClient({ transport, cacheTime: 0 })
}
