import type { Layer } from '../program/Layer.ts'

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

/** A model as a program that computes the same to the bit. */
export type ImportedModel = {
  input: ModelTensor
  output: ModelTensor
  operators: readonly ModelOperator[]
  /** What `composeProgram` makes the program of. */
  parameters: {
    input: { rows: number; rowBytes: number }
    layers: readonly Layer[]
  }
}
