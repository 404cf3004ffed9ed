import { execute } from '../engine/execute.ts'
import type { Program } from '../program/Program.ts'
import { commitTrace } from './commitTrace.ts'
import { splitRows } from './splitRows.ts'
import type { Trace } from './Trace.ts'

/**
 * Executes a program and commits to what it computed.
 *
 * @example
 * const { inputHash, outputHash, evidenceHash } = executeTrace(program, input)
 */
export function executeTrace(program: Program, input: Uint8Array): Trace {
  const tensors = execute(program, input)
  return commitTrace(
    program,
    tensors.map((bytes, i) => splitRows(program.operators[i]!, bytes)),
  )
}
