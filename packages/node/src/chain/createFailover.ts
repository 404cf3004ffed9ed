import { createTransport, RpcRequestError, type Transport } from 'viem'

import type { Clock } from '../support/clock.ts'

export type CreateFailoverParameters = {
  /** Nodes, best first. */
  transports: readonly Transport[]
  /** Milliseconds for which a node that failed is asked last. */
  cooldownMs: number
  clock: Pick<Clock, 'elapsed'>
}

/**
 * Creates a transport that asks the best node which has not just failed, and the others after it. What a node refuses,
 * it has answered: only silence and broken connections make the next one be asked.
 */
export function createFailover(parameters: CreateFailoverParameters): Transport {
  const { transports, cooldownMs, clock } = parameters
  return (options) => {
    const nodes = transports.map((transport) => ({
      failedAt: Number.NEGATIVE_INFINITY,
      request: transport({ ...options, retryCount: 0 }).request,
    }))

    function inOrder() {
      const isSick = ({ failedAt }: (typeof nodes)[number]) =>
        clock.elapsed() - failedAt < cooldownMs
      return nodes.toSorted((a, b) => Number(isSick(a)) - Number(isSick(b)))
    }

    async function request(call: { method: string; params?: unknown }) {
      let failure: unknown
      for (const node of inOrder()) {
        try {
          return await node.request(call)
        } catch (error) {
          if (error instanceof RpcRequestError) throw error
          node.failedAt = clock.elapsed()
          failure = error
        }
      }
      throw failure
    }

    return createTransport({
      key: 'failover',
      name: 'Failover',
      type: 'failover',
      retryCount: 0,
      request: request as ReturnType<Transport>['request'],
    })
  }
}
