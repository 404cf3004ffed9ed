import { expOnNegativeValues } from './expOnNegativeValues.ts'
import { shiftLeftSaturating, twoOverOnePlus } from './twoOverOnePlus.ts'

/** Returns 1/(1 + e^−a) in Q0.31 of a Q4.27 number (gemmlowp's `logistic`). */
export function logistic(a: number): number {
  if (a === 0) return 2 ** 30
  const positive = shiftLeftSaturating(twoOverOnePlus(expOnNegativeValues(-Math.abs(a), 4)), 1)
  return a > 0 ? positive : 2 ** 31 - 1 - positive
}

/** Returns the hyperbolic tangent in Q0.31 of a Q4.27 number (gemmlowp's `tanh`). */
export function tanh(a: number): number {
  if (a === 0) return 0
  // Twice a Q4.27 number is the same int32 in Q5.26.
  const ratio = twoOverOnePlus(expOnNegativeValues(-Math.abs(a)))
  const magnitude = shiftLeftSaturating(ratio - (1 << 29), 2)
  return a > 0 ? magnitude : -magnitude
}
