import type { Layer } from '../program/Layer.ts'
import type { Ties } from './rounding.ts'

/** Element types that a model's input and output may have. */
export type ElementType = 'INT8' | 'UINT8' | 'FLOAT32'

/** How features of trees become bytes: each is the number of its thresholds that lie below it. */
export type Ranks = {
  /** Bytes of a rank; two are big-endian. */
  bytes: 1 | 2
  /** Of each feature, ascending float32. */
  thresholds: readonly (readonly number[])[]
}

/** What becomes of the sums that a program of trees returns. */
export type Transform = 'NONE' | 'LOGISTIC' | 'SOFTMAX'

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
  /** Set where the program reads ranks of features; scale and zero point then say nothing. */
  ranks?: Ranks
  /** Set where the program returns sums, big-endian int32 in units of `scale`. */
  sums?: { transform: Transform }
}

/** Where the program computes what an operator of the model does. */
export type ModelOperator = {
  /** Number in the model, in the order of execution. */
  index: number
  /** Name in the model's format, such as `CONV_2D`. */
  operator: string
  shape: readonly number[]
  type: ElementType | 'INT32'
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
  /** Trees walked exactly, with leaves that are whole numbers of `unit`; a sum is off by at most `error`. */
  | { kind: 'fixed'; unit: number; error: number }
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
