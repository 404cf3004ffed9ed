import { buildTree } from '@assay/protocol/tree'

import { WeightPaddingError, WeightsLengthError, WeightsRootError } from './errors.ts'
import type { ConstantOperator, ConvOperator, DenseOperator, TreesOperator } from './Operator.ts'
import type { Neurons, Weights } from './Program.ts'
import { weightOffset, zeroWeight } from './weightRow.ts'
import { inputsOf, type WeightShape } from './weightShape.ts'

/** Operators that have weight rows. */
export type WeightedOperator = DenseOperator | ConvOperator | ConstantOperator | TreesOperator

export type DecodeWeightsParameters = {
  /** Index of the operator. */
  index: number
  operator: WeightedOperator
  /** Shape of its weight rows. */
  shape: WeightShape
  /** Bytes that start with the operator's weight rows. */
  bytes: Uint8Array
}

/** Decodes an operator's weight rows and checks them against its root. */
export function decodeWeights(parameters: DecodeWeightsParameters): Weights {
  const { index, operator, shape, bytes } = parameters
  const { count, length } = shape
  const needed = count * length
  if (bytes.length < needed) throw new WeightsLengthError(index, bytes.length, needed)

  const rows = Array.from({ length: count }, (_, row) =>
    bytes.subarray(row * length, (row + 1) * length),
  )
  const tree = buildTree('WGT1', rows)
  if (tree.root !== operator.weightsRoot) {
    throw new WeightsRootError(index, tree.root, operator.weightsRoot)
  }
  const isRaw = operator.kind === 'constant' || operator.kind === 'trees'
  const neurons = isRaw ? createNeurons(0, 0) : decodeNeurons(index, rows, inputsOf(operator))
  return { rows, tree, ...neurons }
}

function createNeurons(count: number, inputs: number): Neurons {
  return {
    biases: new Int32Array(count),
    multipliers: new Int32Array(count),
    shifts: new Int8Array(count),
    values: new Int8Array(count * inputs),
  }
}

function decodeNeurons(index: number, rows: readonly Uint8Array[], inputs: number): Neurons {
  const neurons = createNeurons(rows.length, inputs)
  const offsets = Array.from({ length: Math.ceil(inputs / 32) * 32 }, (_, i) => weightOffset(i))
  for (const [row, data] of rows.entries()) decodeRow(index, row, data, inputs, offsets, neurons)
  return neurons
}

function decodeRow(
  operator: number,
  row: number,
  data: Uint8Array,
  inputs: number,
  offsets: readonly number[],
  neurons: Neurons,
) {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  neurons.biases[row] = view.getInt32(0)
  neurons.multipliers[row] = view.getInt32(4)
  neurons.shifts[row] = view.getInt8(8)
  for (let i = 0; i < inputs; i += 1) neurons.values[row * inputs + i] = data[offsets[i]!]! - 128
  for (let i = inputs; i < offsets.length; i += 1) {
    const padding = data[offsets[i]!]!
    if (padding !== zeroWeight) throw new WeightPaddingError(operator, row, padding)
  }
}
