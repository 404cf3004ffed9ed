import { saturatingRoundingDoublingHighMul } from './saturatingRoundingDoublingHighMul.ts'

const mul = saturatingRoundingDoublingHighMul

/** 48/17, −32/17 and 1 in Q2.29. */
const start = 1515870810
const slope = -1010580540
const one = 1 << 29

/** Returns 2/(1 + a) in Q2.29 of a Q0.31 number in [0, 1]: three rounds of Newton and Raphson (gemmlowp). */
export function twoOverOnePlus(a: number): number {
  // a + 1 halved, where 1 is 2^31 − 1; the sum is not negative.
  const half = Math.floor((a + 2 ** 31) / 2)
  let x = start + mul(half, slope)
  for (let round = 0; round < 3; round += 1) {
    x = (x + shiftLeftSaturating(mul(x, one - mul(half, x)), 2)) | 0
  }
  return x
}

/** Returns the int32 `x · 2^bits`, or the one nearest to it. */
export function shiftLeftSaturating(x: number, bits: number): number {
  return Math.min(Math.max(x * 2 ** bits, -(2 ** 31)), 2 ** 31 - 1)
}
