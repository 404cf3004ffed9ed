import { InputLengthError } from '../engine/errors.ts'
import type { Program } from '../program/Program.ts'
import { commitTrace } from './commitTrace.ts'
import { TraceLengthError } from './errors.ts'
import { splitRows } from './splitRows.ts'
import type { Tensor, Trace } from './Trace.ts'
import { traceLength } from './traceLength.ts'

export type DecodeTraceParameters = {
  program: Program
  /** Bytes of tensor 0. */
  input: Uint8Array
  /** Tensors 1…n, concatenated. */
  bytes: Uint8Array
}

/**
 * Parses a served trace. What it commits to says whether it is the one that was claimed: compare `inputHash` and
 * `evidenceHash` before relying on it.
 */
export function decodeTrace(parameters: DecodeTraceParameters): Trace {
  const { program, input, bytes } = parameters
  const [first, ...operators] = program.operators
  const inputLength = first!.rows * first!.rowBytes
  if (input.length !== inputLength) throw new InputLengthError(input.length, inputLength)
  const needed = traceLength(program)
  if (bytes.length !== needed) throw new TraceLengthError(bytes.length, needed)

  const tensors: Tensor[] = [splitRows(first!, input)]
  let offset = 0
  for (const operator of operators) {
    tensors.push(splitRows(operator, bytes.subarray(offset)))
    offset += operator.rows * operator.rowBytes
  }
  return commitTrace(program, tensors)
}
