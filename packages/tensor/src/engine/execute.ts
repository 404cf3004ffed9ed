import type { Program } from '../program/Program.ts'
import { computeTensor } from './computeTensor.ts'
import { InputLengthError } from './errors.ts'

/**
 * Executes a program and returns the bytes of every tensor: the input first, the output last.
 *
 * @example
 * const output = execute(program, input).at(-1)!
 */
export function execute(program: Program, input: Uint8Array): Uint8Array[] {
  const { rows, rowBytes } = program.operators[0]!
  if (input.length !== rows * rowBytes) throw new InputLengthError(input.length, rows * rowBytes)

  const tensors = [input]
  for (let tensor = 1; tensor < program.operators.length; tensor += 1) {
    tensors.push(computeTensor(program, tensor, tensors))
  }
  return tensors
}
