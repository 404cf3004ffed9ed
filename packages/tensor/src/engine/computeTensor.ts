import type { Program } from '../program/Program.ts'
import { elementOf } from './elements/elementOf.ts'

/** Computes the bytes of tensor `tensor` (1 or more) from those of the tensors before it, of which it reads some. */
export function computeTensor(
  program: Program,
  tensor: number,
  tensors: readonly Uint8Array[],
): Uint8Array {
  const { rows, rowBytes } = program.operators[tensor]!
  const output = new Uint8Array(rows * rowBytes)
  const element = elementOf(program, tensor, tensors)
  for (let position = 0; position < output.length; position += 1) {
    output[position] = element(position)
  }
  return output
}
