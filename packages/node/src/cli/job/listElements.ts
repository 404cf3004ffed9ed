import type { ElementType } from '@assay/tensor/node'

/** Returns the elements that raw bytes hold. */
export function listElements(type: ElementType, bytes: Uint8Array): number[] {
  if (type === 'UINT8') return [...bytes]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (type === 'INT8') return Array.from(bytes, (_, i) => view.getInt8(i))
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}
