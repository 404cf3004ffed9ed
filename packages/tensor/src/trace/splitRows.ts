import type { Operator } from '../program/Operator.ts'
import type { Tensor } from './Trace.ts'

/** Splits the bytes of a tensor into its rows, without copying. */
export function splitRows(operator: Operator, bytes: Uint8Array): Tensor {
  const { rows, rowBytes } = operator
  return Array.from({ length: rows }, (_, row) =>
    bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
  )
}
