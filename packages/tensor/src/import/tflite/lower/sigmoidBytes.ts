import { multiplyByQuantizedMultiplier } from '../../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { roundingDivideByPowerOfTwo } from '../../../arithmetic/roundingDivideByPowerOfTwo.ts'
import { logistic, tanh } from '../../../arithmetic/sigmoids.ts'

/** How an int8 difference becomes a number with four integer bits. */
export type SigmoidParameters = {
  multiplier: number
  shift: number
  /** Difference from which on the function is flat. */
  radius: number
}

/** The program's byte for the logistic function of a difference to the zero point; output scale 1/256, zero point −128. */
export function logisticByte(difference: number, parameters: SigmoidParameters): number {
  const { multiplier, shift, radius } = parameters
  if (difference <= -radius) return 0
  if (difference >= radius) return 255
  const result = logistic(multiplyByQuantizedMultiplier(difference, multiplier, shift))
  return Math.min(roundingDivideByPowerOfTwo(result, 23), 255)
}

/** The program's byte for the hyperbolic tangent of a difference to the zero point; output scale 1/128, zero point 0. */
export function tanhByte(difference: number, parameters: SigmoidParameters): number {
  const { multiplier, shift, radius } = parameters
  if (difference <= -radius) return 0
  if (difference >= radius) return 255
  const result = tanh(multiplyByQuantizedMultiplier(difference, multiplier, shift))
  return Math.min(roundingDivideByPowerOfTwo(result, 24), 127) + 128
}
