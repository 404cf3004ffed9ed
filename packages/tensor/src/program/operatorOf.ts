import { buildTree } from '@assay/protocol/tree'

import { ShapeError, SourceError } from './errors.ts'
import type { ConstantLayer, ConvLayer, DenseLayer, Layer, TreesLayer } from './Layer.ts'
import type {
  ConstantOperator,
  ConvOperator,
  DenseOperator,
  Operator,
  TreesOperator,
} from './Operator.ts'
import type { WeightRow } from './weightRow.ts'
import { inputsOf } from './weightShape.ts'

type Rows = readonly Uint8Array[]

/** Returns the operator after `earlier` that a layer with these encoded weight rows is. */
export function operatorOf(layer: Layer, weights: Rows, earlier: readonly Operator[]): Operator {
  const index = earlier.length
  switch (layer.kind) {
    case 'constant':
      return constantOf(index, layer, weights)
    case 'move':
      return { ...layer, source: layer.pieces[0]?.source ?? 0 }
    case 'conv':
      return convOf(index, layer, weights)
    case 'pool': {
      const { height, outputWidth, ...rest } = layer
      return { ...rest, rows: height, rowBytes: outputWidth * layer.channels }
    }
    case 'trees':
      return treesOf(index, layer, weights)
    case 'sum':
      return { ...layer, rows: 1, rowBytes: 4 * layer.outputs }
  }
  const read = earlier[layer.source]
  if (read === undefined) throw new SourceError(index, layer.source)
  const { rows, rowBytes } = read
  return layer.kind === 'dense'
    ? denseOf(index, layer, weights, rows * rowBytes)
    : { ...layer, rows, rowBytes }
}

function denseOf(index: number, layer: DenseLayer, weights: Rows, inputs: number): DenseOperator {
  const { kind, source, outputZero, clampMin, clampMax } = layer
  needInputs(index, layer.rows, inputs)
  const rest = { inputs, outputZero, clampMin, clampMax, weightsRoot: rootOf(index, weights) }
  return { kind, source, rows: 1, rowBytes: weights.length, ...rest }
}

function convOf(index: number, layer: ConvLayer, weights: Rows): ConvOperator {
  const { height, outputWidth, rows, ...rest } = layer
  const outputs = rows.length
  const shape = { rows: height, rowBytes: outputWidth * outputs }
  const operator = { ...rest, ...shape, outputs, weightsRoot: rootOf(index, weights) }
  needInputs(index, rows, inputsOf(operator))
  return operator
}

function constantOf(index: number, { kind }: ConstantLayer, weights: Rows): ConstantOperator {
  const rowBytes = needEqualLengths(index, weights)
  return { kind, rows: weights.length, rowBytes, weightsRoot: rootOf(index, weights) }
}

function treesOf(index: number, layer: TreesLayer, weights: Rows): TreesOperator {
  const { kind, source, featureBytes, values } = layer
  const rowLength = needEqualLengths(index, weights)
  const shape = { rows: weights.length, rowBytes: 4 * values }
  const weightsRoot = rootOf(index, weights)
  return { kind, source, ...shape, featureBytes, values, rowLength, weightsRoot }
}

function rootOf(index: number, weights: Rows) {
  if (weights.length === 0) throw new ShapeError(index, 'weight rows', 0, 'at least 1')
  return buildTree('WGT1', weights).root
}

function needInputs(index: number, rows: readonly WeightRow[], inputs: number) {
  for (const { weights } of rows) {
    if (weights.length !== inputs) throw new ShapeError(index, 'inputs', weights.length, inputs)
  }
}

/** Returns the one length of all rows. */
function needEqualLengths(index: number, rows: Rows): number {
  const length = rows[0]?.length ?? 0
  for (const row of rows) {
    if (row.length !== length) throw new ShapeError(index, 'length of its rows', row.length, length)
  }
  return length
}
