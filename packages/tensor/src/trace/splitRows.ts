import type { Tensor } from './Trace.ts'

/** Splits the bytes of a tensor into its rows, without copying. */
export function splitRows(shape: { rows: number; rowBytes: number }, bytes: Uint8Array): Tensor {
  const { rows, rowBytes } = shape
  return Array.from({ length: rows }, (_, row) =>
    bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
  )
}
