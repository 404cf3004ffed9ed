import { ElementsLengthError } from './errors.ts'
import type { ModelTensor } from './ImportedModel.ts'
import { round } from './rounding.ts'

/** How a tensor's elements are coded: what a caller sees, and what a program's bytes stand for. */
export type ElementCode = Pick<ModelTensor, 'type' | 'scale' | 'zeroPoint' | 'ties'>

/** Returns a program's bytes for the elements of a model's tensor; FLOAT32, little-endian, is quantised. */
export function encodeElements(code: ElementCode, elements: Uint8Array): Uint8Array {
  if (code.type === 'UINT8') return elements.slice()
  if (code.type === 'INT8') return flipSigns(elements)
  if (elements.length % 4 !== 0) throw new ElementsLengthError(elements.length, 'a multiple of 4')
  const view = new DataView(elements.buffer, elements.byteOffset, elements.length)
  return Uint8Array.from({ length: elements.length / 4 }, (_, i) => {
    const scaled = Math.fround(view.getFloat32(4 * i, true) / code.scale)
    // What is no number becomes zero.
    const rounded = round(scaled, code.ties ?? 'away') || 0
    return Math.min(Math.max(rounded + code.zeroPoint + 128, 0), 255)
  })
}

/** Returns the elements of a model's tensor, as its own runtime holds them, for a program's bytes. */
export function decodeElements(code: ElementCode, bytes: Uint8Array): Uint8Array {
  if (code.type === 'UINT8') return bytes.slice()
  if (code.type === 'INT8') return flipSigns(bytes)
  const elements = new Uint8Array(4 * bytes.length)
  const view = new DataView(elements.buffer)
  for (const [i, byte] of bytes.entries()) {
    view.setFloat32(4 * i, (byte - 128 - code.zeroPoint) * code.scale, true)
  }
  return elements
}

/** Between int8 and offset binary; the way back is the same. */
function flipSigns(bytes: Uint8Array) {
  return Uint8Array.from(bytes, (byte) => byte ^ 0x80)
}
