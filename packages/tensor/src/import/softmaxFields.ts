import { quantizeMultiplier } from '../arithmetic/quantizeMultiplier.ts'

/** Integer bits of the scaled differences. */
const integerBits = 5
const fractionBits = 31 - integerBits

/** Most elements of one softmax: beyond, a sum of nearly equal ones overflows. */
export const maxSoftmaxDepth = 511

/** Returns how a softmax scales differences of bytes by `real`; undefined where that is too small to be a multiplier. */
export function softmaxFields(real: number) {
  const factor = Math.min(real * 2 ** fractionBits, 2 ** 31 - 1)
  if (!(factor > 1)) return undefined
  const { multiplier, shift: leftShift } = quantizeMultiplier(factor)
  const radius = (2 ** integerBits - 1) * 2 ** (fractionBits - leftShift)
  return { multiplier, leftShift, diffMin: -Math.floor(radius) }
}
