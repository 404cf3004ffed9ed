/**
 * Returns −log2(u / 2^256) in Q16: see docs/protocol/sortition.md.
 *
 * @example
 * negLog2(1n << 255n)
 * // 65536n
 */
export function negLog2(u: bigint): bigint {
  const n = BigInt(u.toString(2).length - 1)
  let mantissa = (u << (255n - n)) >> 128n
  let fraction = 0n
  for (let bit = 15n; bit >= 0n; bit--) {
    mantissa = (mantissa * mantissa) >> 127n
    if (mantissa >> 128n === 0n) continue
    mantissa >>= 1n
    fraction |= 1n << bit
  }
  return (256n << 16n) - ((n << 16n) + fraction)
}
