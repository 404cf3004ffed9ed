import type { Quantisation } from '../../quantise/Quantisation.ts'
import { round } from '../rounding.ts'

/** Quantises a real number as QuantizeLinear does: divided in float32, rounded to nearest with ties to even, saturated. */
export function toByte({ scale, zero }: Quantisation, real: number): number {
  const scaled = round(Math.fround(Math.fround(real) / scale), 'even')
  return Math.min(Math.max(scaled + zero, 0), 255)
}

/** Returns the float32 that DequantizeLinear makes of a byte. */
export function toReal({ scale, zero }: Quantisation, byte: number): number {
  return Math.fround((byte - zero) * scale)
}
