import { concatBytes } from 'viem'

import { encodeOperator } from './encodeOperator.ts'
import type { Layer } from './Layer.ts'
import type { Operator } from './Operator.ts'
import { operatorOf } from './operatorOf.ts'
import type { Program } from './Program.ts'
import { parseProgram } from './parseProgram.ts'
import { encodeWeightRow } from './weightRow.ts'

export type ComposeProgramParameters = {
  /** Shape of the input. */
  input: { rows: number; rowBytes: number }
  /** Layer i − 1 becomes operator i. */
  layers: readonly Layer[]
}

/**
 * Encodes layers as a program; shapes follow from the sources.
 *
 * @example
 * const table = Uint8Array.from({ length: 256 }, (_, byte) => 255 - byte)
 * const layers = [{ kind: 'lookup', source: 0, table }] as const
 * const program = composeProgram({ input: { rows: 1, rowBytes: 4 }, layers })
 */
export function composeProgram(parameters: ComposeProgramParameters): Program {
  const { input, layers } = parameters
  const { rows, rowBytes } = input
  const operators: Operator[] = [{ kind: 'input', rows, rowBytes }]
  const weights: Uint8Array[] = []
  for (const layer of layers) {
    const encoded = weightRowsOf(layer)
    operators.push(operatorOf(layer, encoded, operators))
    for (const row of encoded) weights.push(row)
  }
  const descriptors = operators.map(encodeOperator)
  return parseProgram({ descriptors, weights: concatBytes(weights) })
}

/** Encodes the weight rows of a layer. */
function weightRowsOf(layer: Layer): readonly Uint8Array[] {
  switch (layer.kind) {
    case 'dense':
    case 'conv':
      return layer.rows.map(encodeWeightRow)
    case 'constant':
      return layer.rows
    case 'trees':
      return layer.trees
    default:
      return []
  }
}
