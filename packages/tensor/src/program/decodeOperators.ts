import { decodeOperator } from './decodeOperator.ts'
import { ProgramEmptyError } from './errors.ts'
import type { Operator } from './Operator.ts'

/** Decodes and validates all operators of a program; accepts what `TensorVerifier.validate` accepts, whatever its cost. */
export function decodeOperators(descriptors: readonly Uint8Array[]): Operator[] {
  if (descriptors.length < 2) throw new ProgramEmptyError(descriptors.length)
  const operators: Operator[] = []
  for (const descriptor of descriptors) operators.push(decodeOperator(descriptor, operators))
  return operators
}
