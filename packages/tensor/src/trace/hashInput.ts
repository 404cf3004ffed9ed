import { buildTree } from '@assay/protocol/tree'
import type { Hash } from 'viem'

import { InputLengthError } from '../engine/errors.ts'
import type { Program } from '../program/Program.ts'
import { splitRows } from './splitRows.ts'

/** Returns the root of tensor 0: the input hash of a job or claim. */
export function hashInput(program: Program, input: Uint8Array): Hash {
  const operator = program.operators[0]!
  const needed = operator.rows * operator.rowBytes
  if (input.length !== needed) throw new InputLengthError(input.length, needed)
  return buildTree('TNS1', splitRows(operator, input)).root
}
