import type { Quantisation } from '../../../quantise/Quantisation.ts'
import type { Range } from '../clip.ts'
import { toByte } from '../toByte.ts'

/** Returns the output bytes that bounds leave. */
export function clampOf(range: Range, quantisation: Quantisation) {
  const { low, high } = range
  return {
    outputZero: quantisation.zero,
    clampMin: low === Number.NEGATIVE_INFINITY ? 0 : toByte(quantisation, low),
    clampMax: high === Number.POSITIVE_INFINITY ? 255 : toByte(quantisation, high),
  }
}

/** Neither bound. */
export const unbounded: Range = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
}
