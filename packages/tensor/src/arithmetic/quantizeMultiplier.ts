import { RealMultiplierError } from './errors.ts'

/** The real number `multiplier · 2^(shift − 31)`. */
export type QuantizedMultiplier = {
  /** 0, or from 2^30 up to but without 2^31. */
  multiplier: number
  shift: number
}

/**
 * Splits a real factor into a 31-bit multiplier and a shift; what lies below 2^-32 becomes zero.
 *
 * @example
 * quantizeMultiplier(0.5)
 * // { multiplier: 1073741824, shift: 0 }
 */
export function quantizeMultiplier(real: number): QuantizedMultiplier {
  if (!Number.isFinite(real) || real < 0) throw new RealMultiplierError(real)
  if (real === 0) return { multiplier: 0, shift: 0 }

  const { fraction, exponent } = splitFraction(real)
  // Positive, so rounding halves up is rounding them away from zero; the product is exact and below 2^53.
  const rounded = Math.floor(fraction * 2 ** 31 + 0.5)
  const overflows = rounded === 2 ** 31
  const shift = overflows ? exponent + 1 : exponent
  if (shift < -31) return { multiplier: 0, shift: 0 }
  return { multiplier: overflows ? 2 ** 30 : rounded, shift }
}

/** C's `frexp`: `real = fraction · 2^exponent` with the fraction in [0.5, 1). */
function splitFraction(real: number) {
  let fraction = real
  let exponent = 0
  while (fraction >= 1) {
    fraction /= 2
    exponent += 1
  }
  while (fraction < 0.5) {
    fraction *= 2
    exponent -= 1
  }
  return { fraction, exponent }
}
