import type { Program } from '../program/Program.ts'
import { elementOf } from './elements/elementOf.ts'

export type ComputeElementParameters = {
  program: Program
  /** Tensor to compute an element of, 1 or more. */
  tensor: number
  /** Position in the tensor's bytes: row · rowBytes + column. */
  position: number
  /** Bytes of the tensors before it, by their numbers. */
  tensors: readonly Uint8Array[]
}

/** Computes one byte of a tensor from the tensors that its operator reads. */
export function computeElement(parameters: ComputeElementParameters): number {
  const { program, tensor, position, tensors } = parameters
  return elementOf(program, tensor, tensors)(position)
}
