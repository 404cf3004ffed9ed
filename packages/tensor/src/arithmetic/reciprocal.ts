import { saturatingRoundingDoublingHighMul } from './saturatingRoundingDoublingHighMul.ts'

const mul = saturatingRoundingDoublingHighMul

/** 48/17, −32/17 and 1 in Q2.29. */
const start = 1515870810
const slope = -1010580540
const one = 1 << 29

/** The number `scale · 2^−bitsOverUnit`, the scale in Q0.31. */
export type Reciprocal = {
  scale: number
  bitsOverUnit: number
}

/** Returns 1/x of a positive Q12.19 number (TFLite's `GetReciprocal`). */
export function reciprocal(x: number): Reciprocal {
  const headroom = Math.clz32(x)
  const fraction = ((x << headroom) >>> 0) - 2 ** 31
  return { scale: oneOverOnePlus(fraction), bitsOverUnit: 12 - headroom }
}

/** 1/(1 + a) of a Q0.31 number in [0, 1): three rounds of Newton and Raphson. */
function oneOverOnePlus(a: number): number {
  // a + 1 halved, where 1 is 2^31 − 1; the sum is not negative.
  const half = Math.floor((a + 2 ** 31) / 2)
  let x = start + mul(half, slope)
  for (let round = 0; round < 3; round += 1) {
    x = (x + saturate(mul(x, one - mul(half, x)) * 4)) | 0
  }
  return saturate(x * 2)
}

function saturate(x: number): number {
  return Math.min(Math.max(x, -(2 ** 31)), 2 ** 31 - 1)
}
