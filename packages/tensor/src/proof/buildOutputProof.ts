import type { OperatorOpening, TensorOpening } from '@assay/protocol'
import { bytesToHex, type Hex } from 'viem'

import type { Program } from '../program/Program.ts'
import { outputOf } from '../trace/outputOf.ts'
import type { Trace } from '../trace/Trace.ts'
import { openOperator, openTensor } from './openings.ts'

/** Arguments of `TensorVerifier.proveOutput` after the context. */
export type OutputProof = {
  last: OperatorOpening
  tensor: TensorOpening
  /** Rows of the last tensor, concatenated. */
  output: Hex
}

/** Opens the last tensor of a committed trace. */
export function buildOutputProof(program: Program, trace: Trace): OutputProof {
  const index = program.operators.length - 1
  return {
    last: openOperator(program, index),
    tensor: openTensor(trace.tree, index, trace.tensorTrees[index]!.root),
    output: bytesToHex(outputOf(trace)),
  }
}
