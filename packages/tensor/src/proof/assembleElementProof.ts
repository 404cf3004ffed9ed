import type { ElementProof, SourceOpening } from '@assay/protocol'
import type { Tree } from '@assay/protocol/tree'

import type { Program } from '../program/Program.ts'
import { readsOf } from '../program/readsOf.ts'
import type { Trace } from '../trace/Trace.ts'
import { CoordinateError } from './errors.ts'
import { emptyRowOpening, openOperator, openRow, openTensor } from './openings.ts'

/** Tensors as committed, by their numbers. */
export type Committed = Pick<Trace, 'tensors' | 'tensorTrees'>

export type AssembleElementProofParameters = {
  program: Program
  traceTree: Tree
  /** The tensors before the element's, as committed; only those that it reads are needed. */
  earlier: Committed
  /** Tree of the tensor with the element, and the committed row that holds it. */
  output: { row: Uint8Array; tree: Tree }
  /** Where the element is. */
  tensor: number
  row: number
  column: number
}

/** Opens one element and everything it was computed from. */
export function assembleElementProof(parameters: AssembleElementProofParameters): ElementProof {
  const { program, traceTree, earlier, output, tensor, row, column } = parameters
  const operator = program.operators[tensor]
  if (operator === undefined || operator.kind === 'input') {
    throw new CoordinateError('computed tensor', tensor, program.operators.length)
  }
  needBelow('row', row, operator.rows)
  needBelow('column', column, operator.rowBytes)

  const { sources, weightRow } = readsOf(program, tensor, row, column)
  return {
    operator: openOperator(program, tensor),
    sources: sources.map((read) => openSource(parameters, earlier, read)),
    weights: weightRow === undefined ? emptyRowOpening : openWeights(program, tensor, weightRow),
    output: openTensor(traceTree, tensor, output.tree.root),
    outputRow: openRow(output.tree, row, output.row),
    column,
  }
}

function openSource(
  { program, traceTree }: AssembleElementProofParameters,
  { tensors, tensorTrees }: Committed,
  { tensor, rows }: { tensor: number; rows: readonly number[] },
): SourceOpening {
  const tree = tensorTrees[tensor]!
  return {
    producer: openOperator(program, tensor),
    tensor: openTensor(traceTree, tensor, tree.root),
    rows: rows.map((index) => openRow(tree, index, tensors[tensor]![index]!)),
  }
}

function openWeights(program: Program, tensor: number, row: number) {
  const { tree, rows } = program.weights[tensor]!
  return openRow(tree, row, rows[row]!)
}

function needBelow(subject: string, found: number, count: number) {
  if (!Number.isInteger(found) || found < 0 || found >= count) {
    throw new CoordinateError(subject, found, count)
  }
}
