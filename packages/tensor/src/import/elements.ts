import { ElementError, ElementsLengthError } from './errors.ts'
import type { ModelOperator, ModelTensor, Ranks } from './ImportedModel.ts'
import { round } from './rounding.ts'
import { transformSums } from './transformSums.ts'

/** How a tensor's elements are coded: what a caller sees, and what a program's bytes stand for. */
export type ElementCode = Pick<ModelTensor, 'scale' | 'zeroPoint' | 'ties' | 'ranks' | 'sums'> & {
  type: ModelOperator['type']
}

/** Bytes of a program for each element. */
export function bytesPerElement({ type, ranks, sums }: Omit<ElementCode, 'scale' | 'zeroPoint'>) {
  return type === 'INT32' || sums !== undefined ? 4 : (ranks?.bytes ?? 1)
}

/** Returns a program's bytes for the elements of a model's tensor; FLOAT32, little-endian, is quantised. */
export function encodeElements(code: ElementCode, elements: Uint8Array): Uint8Array {
  if (code.type === 'UINT8') return elements.slice()
  if (code.type === 'INT8') return flipSigns(elements)
  if (elements.length % 4 !== 0) throw new ElementsLengthError(elements.length, 'a multiple of 4')
  const view = new DataView(elements.buffer, elements.byteOffset, elements.length)
  const length = elements.length / 4
  if (code.type === 'INT32') return swapBytes(elements)
  const floats = Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true))
  if (code.ranks !== undefined) return encodeRanks(code.ranks, floats)
  return Uint8Array.from(floats, (real) => {
    // What is no number becomes zero.
    const rounded = round(Math.fround(real / code.scale), code.ties ?? 'away') || 0
    return Math.min(Math.max(rounded + code.zeroPoint + 128, 0), 255)
  })
}

/** Returns the elements of a model's tensor, as its own runtime holds them, for a program's bytes. */
export function decodeElements(code: ElementCode, bytes: Uint8Array): Uint8Array {
  if (code.type === 'UINT8') return bytes.slice()
  if (code.type === 'INT8') return flipSigns(bytes)
  if (code.type === 'INT32') return swapBytes(bytes)
  if (code.sums !== undefined) return decodeSums(code, code.sums.transform, bytes)
  return packFloats(Float64Array.from(bytes, (byte) => (byte - 128 - code.zeroPoint) * code.scale))
}

/** Only finite features have a rank. */
function encodeRanks({ bytes, thresholds }: Ranks, features: Float32Array): Uint8Array {
  if (features.length !== thresholds.length) {
    throw new ElementsLengthError(4 * features.length, 4 * thresholds.length)
  }
  const encoded = new Uint8Array(bytes * features.length)
  const view = new DataView(encoded.buffer)
  for (const [i, feature] of features.entries()) {
    if (!Number.isFinite(feature)) throw new ElementError(i, String(feature), 'a finite number')
    const rank = countBelow(thresholds[i]!, feature)
    if (bytes === 1) view.setUint8(i, rank)
    else view.setUint16(2 * i, rank)
  }
  return encoded
}

/** Counts the numbers of a sorted list that lie below another. */
function countBelow(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

function decodeSums(
  { scale }: ElementCode,
  transform: Parameters<typeof transformSums>[1],
  bytes: Uint8Array,
) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const length = bytes.length / 4
  const sums = Float64Array.from({ length }, (_, i) => view.getInt32(4 * i) * scale)
  return packFloats(transformSums(sums, transform))
}

function packFloats(numbers: Float64Array): Uint8Array {
  const elements = new Uint8Array(4 * numbers.length)
  const view = new DataView(elements.buffer)
  for (const [i, number] of numbers.entries()) view.setFloat32(4 * i, number, true)
  return elements
}

/** Between a program's int32 and those of a little-endian machine; the way back is the same. */
function swapBytes(bytes: Uint8Array) {
  return Uint8Array.from(bytes, (_, i) => bytes[i ^ 3]!)
}

/** Between int8 and offset binary; the way back is the same. */
function flipSigns(bytes: Uint8Array) {
  return Uint8Array.from(bytes, (byte) => byte ^ 0x80)
}
