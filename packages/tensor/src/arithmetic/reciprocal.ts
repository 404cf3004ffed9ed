import { shiftLeftSaturating, twoOverOnePlus } from './twoOverOnePlus.ts'

/** The number `scale · 2^−bitsOverUnit`, the scale in Q0.31. */
export type Reciprocal = {
  scale: number
  bitsOverUnit: number
}

/** Returns 1/x of a positive Q12.19 number (TFLite's `GetReciprocal`). */
export function reciprocal(x: number): Reciprocal {
  const headroom = Math.clz32(x)
  const fraction = ((x << headroom) >>> 0) - 2 ** 31
  // Half of a Q2.29 number is the same int32 in Q1.30.
  const scale = shiftLeftSaturating(twoOverOnePlus(fraction), 1)
  return { scale, bitsOverUnit: 12 - headroom }
}
