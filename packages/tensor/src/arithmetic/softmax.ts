import { expOnNegativeValues } from './expOnNegativeValues.ts'
import { multiplyByQuantizedMultiplier } from './multiplyByQuantizedMultiplier.ts'
import { reciprocal } from './reciprocal.ts'
import { roundingDivideByPowerOfTwo } from './roundingDivideByPowerOfTwo.ts'
import { saturatingRoundingDoublingHighMul } from './saturatingRoundingDoublingHighMul.ts'

export type SoftmaxParameters = {
  /** What takes a difference of two bytes to Q5.26. */
  multiplier: number
  leftShift: number
  /** Least difference to the greatest byte that counts. */
  diffMin: number
}

/** Returns the softmax of 1 to 511 bytes in units of 1/256, as TFLite's reference kernel computes it. */
export function softmax(bytes: Uint8Array, parameters: SoftmaxParameters): Uint8Array {
  const { multiplier, leftShift, diffMin } = parameters
  const greatest = bytes.reduce((a, b) => Math.max(a, b), 0)
  const exponentials = Array.from(bytes, (byte) => {
    const diff = byte - greatest
    if (diff < diffMin) return undefined
    return expOnNegativeValues(multiplyByQuantizedMultiplier(diff, multiplier, leftShift))
  })
  // In Q12.19.
  const sum = exponentials.reduce<number>(
    (total, value = 0) => total + roundingDivideByPowerOfTwo(value, 12),
    0,
  )
  if (sum === 0) return new Uint8Array(bytes.length)

  const { scale, bitsOverUnit } = reciprocal(sum)
  return Uint8Array.from(exponentials, (value) => {
    if (value === undefined) return 0
    const part = saturatingRoundingDoublingHighMul(scale, value)
    return Math.min(roundingDivideByPowerOfTwo(part, bitsOverUnit + 31 - 8), 255)
  })
}
