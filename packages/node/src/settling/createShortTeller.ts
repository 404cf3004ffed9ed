import type { OperatorContext } from '../operator/operator.ts'

/** Milliseconds in which a pledge that stays short is told of once. */
const pauseMs = 600_000

/** Creates what tells that too little is pledged: at every block it would say the same. */
export function createShortTeller({ clock, observe }: Pick<OperatorContext, 'clock' | 'observe'>) {
  let toldAt = Number.NEGATIVE_INFINITY
  return (numbers: { free: bigint; wanted: bigint }) => {
    if (clock.elapsed() - toldAt < pauseMs) return
    toldAt = clock.elapsed()
    observe({ type: 'pledgeShort', ...numbers })
  }
}
