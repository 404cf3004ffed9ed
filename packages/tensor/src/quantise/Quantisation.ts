/** How bytes stand for real numbers: `real = scale · (byte − zero)`. */
export type Quantisation = {
  /** A positive float32. */
  scale: number
  /** Byte that stands for zero. */
  zero: number
}

/** Returns the quantisation of the smallest range that holds zero and everything from `min` to `max`. */
export function quantisationOf(min: number, max: number): Quantisation {
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)]
  if (low === high) return { scale: 1, zero: 0 }
  const scale = Math.fround((high - low) / 255)
  return { scale, zero: Math.round(-low / scale) }
}

/** Returns the byte nearest to a real number. */
export function quantise({ scale, zero }: Quantisation, real: number): number {
  return Math.min(Math.max(Math.round(real / scale) + zero, 0), 255)
}

/** Returns the real number that a byte stands for. */
export function dequantise({ scale, zero }: Quantisation, byte: number): number {
  return scale * (byte - zero)
}
