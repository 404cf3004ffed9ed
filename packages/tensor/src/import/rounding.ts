/** How a number halfway between two integers is rounded: C's `round`, or IEEE's default. */
export type Ties = 'away' | 'even'

/** Rounds to the nearest integer. */
export function round(value: number, ties: Ties): number {
  if (ties === 'away') return Math.sign(value) * Math.floor(Math.abs(value) + 0.5)
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
