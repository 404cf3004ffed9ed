import type { ElementProof } from '@assay/protocol'
import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { assembleElementProof } from './assembleElementProof.ts'
import { CoordinateError } from './errors.ts'

export type BuildElementProofParameters = {
  program: Program
  /** What the operator committed to. */
  trace: Trace
  tensor: number
  row: number
  column: number
}

/**
 * Builds the argument of `TensorVerifier.prove` for one element of a committed trace.
 *
 * @example
 * const proof = buildElementProof({ program, trace, tensor: 1, row: 0, column: 3 })
 * await verifier.write.prove([source, context, proof])
 */
export function buildElementProof(parameters: BuildElementProofParameters): ElementProof {
  const { program, trace, tensor, row, column } = parameters
  const { tensors, tensorTrees, tree } = trace
  const operator = program.operators[tensor]
  if (operator === undefined || operator.kind === 'input') {
    throw new CoordinateError('computed tensor', tensor, program.operators.length)
  }
  const committed = tensors[tensor]![row]
  if (committed === undefined) throw new CoordinateError('row', row, operator.rows)

  return assembleElementProof({
    program,
    traceTree: tree,
    earlier: trace,
    output: { row: committed, tree: tensorTrees[tensor]! },
    tensor,
    row,
    column,
  })
}
