import type { ElementProof } from '@assay/protocol'
import type { Tree } from '@assay/protocol/tree'

import type { Program } from '../program/Program.ts'
import type { Tensor } from '../trace/Trace.ts'
import { CoordinateError } from './errors.ts'
import { emptyRowOpening, openOperator, openRow, openTensor } from './openings.ts'

export type AssembleElementProofParameters = {
  program: Program
  traceTree: Tree
  /** The tensor read, as committed. */
  source: { rows: Tensor; tree: Tree }
  /** Tree of the tensor with the element, and the committed row that holds it. */
  output: { row: Uint8Array; tree: Tree }
  /** Where the element is. */
  tensor: number
  row: number
  column: number
}

/** Opens one element and everything it was computed from. */
export function assembleElementProof(parameters: AssembleElementProofParameters): ElementProof {
  const { program, traceTree, source, output, tensor, row, column } = parameters
  const operator = program.operators[tensor]
  if (operator === undefined || operator.kind === 'input') {
    throw new CoordinateError('computed tensor', tensor, program.operators.length)
  }
  needBelow('row', row, operator.rows)
  needBelow('column', column, operator.rowBytes)

  const { source: read } = operator
  const weights = program.weights[tensor]
  // A look-up reads one byte; a dense element reads the whole source.
  const inputRows = operator.kind === 'lookup' ? [row] : [...source.rows.keys()]
  return {
    operator: openOperator(program, tensor),
    producer: openOperator(program, read),
    input: openTensor(traceTree, read, source.tree.root),
    inputRows: inputRows.map((index) => openRow(source.tree, index, source.rows[index]!)),
    weights: weights ? openRow(weights.tree, column, weights.rows[column]!) : emptyRowOpening,
    output: openTensor(traceTree, tensor, output.tree.root),
    outputRow: openRow(output.tree, row, output.row),
    column,
  }
}

function needBelow(subject: string, found: number, count: number) {
  if (!Number.isInteger(found) || found < 0 || found >= count) {
    throw new CoordinateError(subject, found, count)
  }
}
