import type { Hex } from 'viem'

/** Where in the chain an event is. */
export type Place = {
  block: bigint
  time: bigint
  transaction: Hex
  logIndex: number
}

type Located = {
  block: { number: bigint; timestamp: bigint }
  transaction: { hash: Hex }
  log: { logIndex: number }
}

export function placeOf({ block, transaction, log }: Located): Place {
  return {
    block: block.number,
    time: block.timestamp,
    transaction: transaction.hash,
    logIndex: log.logIndex,
  }
}

/**
 * Returns the key of what happened at a place. Keys sort like the chain.
 *
 * @example
 * positionOf({ block: 1234n, logIndex: 5, … })
 * // "000000001234-000005"
 */
export function positionOf({ block, logIndex }: Pick<Place, 'block' | 'logIndex'>): string {
  return `${String(block).padStart(12, '0')}-${String(logIndex).padStart(6, '0')}`
}

const secondsOfDay = 86_400n

/** Returns the day, in UTC since 1970, of a time. */
export function dayOf(time: bigint): number {
  return Number(time / secondsOfDay)
}
