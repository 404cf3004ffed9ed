import type { Program } from '../program/Program.ts'
import { computeDense } from './computeElement.ts'

/** Computes the bytes of tensor `tensor` (1 or more) from the tensor its operator reads. */
export function computeTensor(program: Program, tensor: number, source: Uint8Array): Uint8Array {
  const operator = program.operators[tensor]!
  switch (operator.kind) {
    case 'input':
      return source
    case 'dense': {
      const weights = program.weights[tensor]!
      const output = new Uint8Array(operator.rowBytes)
      for (let j = 0; j < output.length; j += 1) {
        output[j] = computeDense(operator, weights, source, j)
      }
      return output
    }
    case 'lookup':
      return source.map((byte) => operator.table[byte]!)
  }
}
