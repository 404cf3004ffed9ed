import type { Layer } from '../program/Layer.ts'
import type { Ties } from './rounding.ts'

/** Element types that a model's input and output may have. */
export type ElementType = 'INT8' | 'UINT8' | 'FLOAT32'

/** The input or output of a model as its own format has it, and what the program's bytes stand for. */
export type ModelTensor = {
  name: string
  shape: readonly number[]
  /** Elements that a caller gives or gets. Where it is FLOAT32, the program begins or ends at the int8 beside it. */
  type: ElementType
  /** A program's byte `u` stands for `scale · (u − 128 − zeroPoint)`. */
  scale: number
  /** From −128 to 127. */
  zeroPoint: number
  /** How floats between two bytes are rounded; away from zero if missing. */
  ties?: Ties
}

/** Where the program computes what an operator of the model does. */
export type ModelOperator = {
  /** Number in the model, in the order of execution. */
  index: number
  /** Name in the model's format, such as `CONV_2D`. */
  operator: string
  shape: readonly number[]
  type: ElementType
  /** Tensor of the program that has its output's bytes. */
  tensor: number
}

/** How what an operator of a program returns differs from what its model states. */
export type Difference = {
  /** Number and name of the model's operator. */
  index: number
  operator: string
  found: string
}

/** How close a program is to its model. */
export type Fidelity =
  /** The same to the bit. */
  | { kind: 'exact' }
  /** The model's own integers, with the differences listed and no others. */
  | { kind: 'rounded'; differences: readonly Difference[] }
  /** A model in floating point, given 8 bits over the ranges that so many samples showed. */
  | { kind: 'calibrated'; samples: number }

/** A model as a program. */
export type ImportedModel = {
  input: ModelTensor
  output: ModelTensor
  operators: readonly ModelOperator[]
  /** What `composeProgram` makes the program of. */
  parameters: {
    input: { rows: number; rowBytes: number }
    layers: readonly Layer[]
  }
  fidelity: Fidelity
}
