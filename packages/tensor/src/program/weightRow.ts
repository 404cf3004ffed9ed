/** Bytes before the weights of a row: bias, multiplier, shift. */
export const weightRowHeader = 9

/** Byte of a weight that is zero. */
export const zeroWeight = 0x80

/** One output of a dense operator or a convolution. */
export type WeightRow = {
  /** int32, with the input's zero point folded in: `bias − Σ w · (z + 128)`. */
  bias: number
  /** int32 of the requantisation. */
  multiplier: number
  /** int8 of the requantisation. */
  shift: number
  /** One int8 per input; of a convolution in the order kernel line, kernel place, channel. */
  weights: Int8Array
}

/** Bytes of an encoded weight row. */
export function weightRowLength(inputs: number): number {
  return weightRowHeader + Math.ceil(inputs / 32) * 32
}

/** Offset in an encoded row of weight `index`: the 4-byte groups of every 32-byte word lie in reverse order. */
export function weightOffset(index: number): number {
  const word = index - (index % 32)
  const group = 7 - ((index % 32) >> 2)
  return weightRowHeader + word + group * 4 + (index % 4)
}

/** Encodes a weight row as a leaf of its operator's weight tree. */
export function encodeWeightRow(row: WeightRow): Uint8Array {
  const { bias, multiplier, shift, weights } = row
  const bytes = new Uint8Array(weightRowLength(weights.length)).fill(zeroWeight)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, bias)
  view.setInt32(4, multiplier)
  view.setInt8(8, shift)
  for (const [i, weight] of weights.entries()) bytes[weightOffset(i)] = weight + 128
  return bytes
}

/**
 * Folds an input's zero point into a bias: `bias − Σ w · zero`, wrapping as int32 does, where `zero` is the byte that stands
 * for zero.
 */
export function foldZero(bias: number, weights: Int8Array, zero: number): number {
  return weights.reduce((sum, weight) => (sum - weight * zero) | 0, bias)
}
