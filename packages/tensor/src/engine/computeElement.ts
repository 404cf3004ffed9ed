import { multiplyByQuantizedMultiplier } from '../arithmetic/multiplyByQuantizedMultiplier.ts'
import type { DenseOperator } from '../program/Operator.ts'
import type { Program, Weights } from '../program/Program.ts'

export type ComputeElementParameters = {
  program: Program
  /** Tensor to compute an element of, 1 or more. */
  tensor: number
  /** Position in the tensor's bytes: row · rowBytes + column. */
  position: number
  /** Bytes of the tensor that its operator reads. */
  source: Uint8Array
}

/** Computes one byte of a tensor from the tensor its operator reads. */
export function computeElement(parameters: ComputeElementParameters): number {
  const { program, tensor, position, source } = parameters
  const operator = program.operators[tensor]!
  switch (operator.kind) {
    case 'input':
      return source[position]!
    case 'dense':
      return computeDense(operator, program.weights[tensor]!, source, position)
    case 'lookup':
      return operator.table[source[position]!]!
  }
}

/** Computes output `j` of a dense operator. */
export function computeDense(
  operator: DenseOperator,
  weights: Weights,
  source: Uint8Array,
  j: number,
): number {
  const { inputs, outputZero, clampMin, clampMax } = operator
  const { biases, multipliers, shifts, values } = weights
  const row = j * inputs
  let acc = biases[j]!
  for (let i = 0; i < inputs; i += 1) acc = (acc + values[row + i]! * source[i]!) | 0

  const scaled = multiplyByQuantizedMultiplier(acc, multipliers[j]!, shifts[j]!)
  return Math.min(Math.max(scaled + outputZero, clampMin), clampMax)
}
