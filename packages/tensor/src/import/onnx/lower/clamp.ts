import { type Quantisation, quantise } from '../../../quantise/Quantisation.ts'
import type { Range } from '../clip.ts'

/** Returns the output bytes that bounds leave. */
export function clampOf(range: Range, quantisation: Quantisation) {
  const byte = (real: number) => quantise(quantisation, real)
  return {
    outputZero: quantisation.zero,
    clampMin: range.low === Number.NEGATIVE_INFINITY ? 0 : byte(range.low),
    clampMax: range.high === Number.POSITIVE_INFINITY ? 255 : byte(range.high),
  }
}
