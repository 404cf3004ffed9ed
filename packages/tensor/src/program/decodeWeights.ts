import { buildTree } from '@assay/protocol/tree'

import { WeightPaddingError, WeightsLengthError, WeightsRootError } from './errors.ts'
import type { DenseOperator } from './Operator.ts'
import type { Weights } from './Program.ts'
import { weightOffset, weightRowLength, zeroWeight } from './weightRow.ts'

export type DecodeWeightsParameters = {
  /** Index of the operator. */
  index: number
  operator: DenseOperator
  /** Bytes that start with the operator's weight rows. */
  bytes: Uint8Array
}

/** Decodes an operator's weight rows and checks them against its root. */
export function decodeWeights(parameters: DecodeWeightsParameters): Weights {
  const { index, operator, bytes } = parameters
  const { rowBytes: count, inputs, weightsRoot } = operator
  const rowLength = weightRowLength(inputs)
  const needed = count * rowLength
  if (bytes.length < needed) throw new WeightsLengthError(index, bytes.length, needed)

  const rows = Array.from({ length: count }, (_, row) =>
    bytes.subarray(row * rowLength, (row + 1) * rowLength),
  )
  const tree = buildTree('WGT1', rows)
  if (tree.root !== weightsRoot) throw new WeightsRootError(index, tree.root, weightsRoot)

  const weights = {
    rows,
    tree,
    biases: new Int32Array(count),
    multipliers: new Int32Array(count),
    shifts: new Int8Array(count),
    values: new Int8Array(count * inputs),
  }
  const offsets = Array.from({ length: rowLength - 9 }, (_, i) => weightOffset(i))
  for (const [row, data] of rows.entries()) decodeRow(index, row, data, inputs, offsets, weights)
  return weights
}

function decodeRow(
  operator: number,
  row: number,
  data: Uint8Array,
  inputs: number,
  offsets: readonly number[],
  weights: Weights,
) {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  weights.biases[row] = view.getInt32(0)
  weights.multipliers[row] = view.getInt32(4)
  weights.shifts[row] = view.getInt8(8)
  for (let i = 0; i < inputs; i += 1) weights.values[row * inputs + i] = data[offsets[i]!]! - 128
  for (let i = inputs; i < offsets.length; i += 1) {
    const padding = data[offsets[i]!]!
    if (padding !== zeroWeight) throw new WeightPaddingError(operator, row, padding)
  }
}
