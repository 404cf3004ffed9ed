import { buildTree } from '@assay/protocol/tree'
import { concatBytes } from 'viem'

import { encodeOperator } from './encodeOperator.ts'
import { ShapeError, SourceError } from './errors.ts'
import type { Operator } from './Operator.ts'
import type { Program } from './Program.ts'
import { parseProgram } from './parseProgram.ts'
import { encodeWeightRow, type WeightRow } from './weightRow.ts'

/** A dense operator by its weights. */
export type DenseLayer = {
  kind: 'dense'
  /** Tensor read. */
  source: number
  /** One per output. */
  rows: readonly WeightRow[]
  /** Output byte that stands for zero. */
  outputZero: number
  clampMin: number
  clampMax: number
}

/** A look-up operator by its table of 256 bytes. */
export type LookupLayer = {
  kind: 'lookup'
  /** Tensor read. */
  source: number
  table: Uint8Array
}

export type Layer = DenseLayer | LookupLayer

export type ComposeProgramParameters = {
  /** Shape of the input. */
  input: { rows: number; rowBytes: number }
  /** Layer i − 1 becomes operator i. */
  layers: readonly Layer[]
}

/** Encodes layers as a program; shapes follow from the sources. */
export function composeProgram(parameters: ComposeProgramParameters): Program {
  const { input, layers } = parameters
  const operators: Operator[] = [{ kind: 'input', ...input }]
  const weights: Uint8Array[] = []
  for (const layer of layers) {
    const read = operators[layer.source]
    if (read === undefined) throw new SourceError(operators.length, layer.source)
    const rows = layer.kind === 'dense' ? layer.rows.map(encodeWeightRow) : []
    weights.push(...rows)
    operators.push(toOperator(operators.length, layer, rows, read))
  }
  const descriptors = operators.map(encodeOperator)
  return parseProgram({ descriptors, weights: concatBytes(weights) })
}

function toOperator(
  index: number,
  layer: Layer,
  rows: readonly Uint8Array[],
  read: Operator,
): Operator {
  const { source } = layer
  if (layer.kind === 'lookup') {
    return { kind: 'lookup', source, rows: read.rows, rowBytes: read.rowBytes, table: layer.table }
  }
  const inputs = read.rows * read.rowBytes
  for (const { weights } of layer.rows) {
    if (weights.length !== inputs) throw new ShapeError(index, 'inputs', weights.length, inputs)
  }
  const { outputZero, clampMin, clampMax } = layer
  const weightsRoot = buildTree('WGT1', rows).root
  const rest = { inputs, outputZero, clampMin, clampMax, weightsRoot }
  return { kind: 'dense', source, rows: 1, rowBytes: rows.length, ...rest }
}
