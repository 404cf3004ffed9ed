/** Returns the int32 `x / 2^exponent` rounded to nearest, ties away from zero; `exponent` is 0…31. */
export function roundingDivideByPowerOfTwo(x: number, exponent: number): number {
  const mask = 0x7fffffff >>> (31 - exponent)
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0)
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0)
}
