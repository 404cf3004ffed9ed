import type { OperatorOpening, RowOpening, TensorOpening } from '@assay/protocol'
import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { CoordinateError } from './errors.ts'
import { openOperator, openRow, openTensor } from './openings.ts'

export type BuildRowProofParameters = {
  program: Program
  /** What the operator committed to. */
  trace: Trace
  tensor: number
  row: number
}

/** Arguments of `TensorVerifier.proveRow` after the context. */
export type RowProof = {
  operator: OperatorOpening
  tensor: TensorOpening
  row: RowOpening
}

/** Opens one row of a committed trace. */
export function buildRowProof(parameters: BuildRowProofParameters): RowProof {
  const { program, trace, tensor, row } = parameters
  const rows = trace.tensors[tensor]
  if (rows === undefined) {
    throw new CoordinateError('tensor', tensor, program.operators.length)
  }
  const data = rows[row]
  if (data === undefined) throw new CoordinateError('row', row, rows.length)

  const tree = trace.tensorTrees[tensor]!
  return {
    operator: openOperator(program, tensor),
    tensor: openTensor(trace.tree, tensor, tree.root),
    row: openRow(tree, row, data),
  }
}
