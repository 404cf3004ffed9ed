import type { Address, Hash } from 'viem'

import { ChannelBusyError, RequestUnderWayError } from './errors.ts'

export type UnderWay = {
  /** Takes a place for a request. Throws `RequestUnderWayError` or `ChannelBusyError`. */
  enter: (payer: Address, requestId: Hash) => Place
  /** Sum of the quotes of a channel, in token units. */
  reserved: (payer: Address) => bigint
}

export type Place = {
  /** Reserves the quote of the request. */
  reserve: (quote: bigint) => void
  /** Gives place and quote back; once is enough. */
  leave: () => void
}

/** Creates what knows which requests are being answered: a process that dies answers none of them. */
export function createUnderWay({ limit }: { limit: number }): UnderWay {
  const channels = new Map<Address, Map<Hash, bigint>>()
  return {
    enter(payer, requestId) {
      const requests = channels.get(payer) ?? new Map<Hash, bigint>()
      if (requests.has(requestId)) throw new RequestUnderWayError(requestId)
      if (requests.size >= limit) throw new ChannelBusyError(payer, limit)
      channels.set(payer, requests.set(requestId, 0n))
      let isIn = true
      return {
        reserve: (quote) => void requests.set(requestId, quote),
        leave() {
          if (!isIn) return
          isIn = false
          requests.delete(requestId)
          if (requests.size === 0 && channels.get(payer) === requests) channels.delete(payer)
        },
      }
    },
    reserved: (payer) => [...(channels.get(payer)?.values() ?? [])].reduce((a, b) => a + b, 0n),
  }
}
