import type { Header } from '../journal/createChainLog.ts'
import type { Clock } from '../support/clock.ts'
import type { Head } from '../transactions/writer.ts'

/** The newest block, and when this process saw it. */
export type SeenHead = Head & {
  /** `Clock.elapsed` at that moment. */
  seenAt: number
  /** Least seconds between the blocks before it. */
  interval: bigint
}

/** Blocks over which the interval is measured. */
const window = 16

/** Returns the least seconds between neighbours of the newest headers; 1 where there are none. */
export function intervalOf(headers: readonly Header[]): bigint {
  const gaps = headers.slice(0, window).flatMap(({ number, timestamp }, index) => {
    const previous = headers[index + 1]
    return previous?.number === number - 1n ? [timestamp - previous.timestamp] : []
  })
  const least = gaps.reduce((a, b) => (b < a ? b : a), gaps[0] ?? 1n)
  return least < 1n ? 1n : least
}

/**
 * Returns the earliest timestamp that the next block is likely to have. Only the chain's clock and the seconds passed
 * since its newest block count, so a machine whose own clock is wrong is not misled.
 */
export function nextTimestamp(head: SeenHead, clock: Pick<Clock, 'elapsed'>): bigint {
  const passed = BigInt(Math.floor(Math.max(0, clock.elapsed() - head.seenAt) / 1000))
  return head.timestamp + (passed > head.interval ? passed : head.interval)
}
