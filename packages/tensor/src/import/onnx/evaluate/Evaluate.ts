import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'

/** Inputs of a node in their order; undefined for an optional one left out. */
export type Inputs = readonly (Tensor | undefined)[]

/** Counts work to come; throws `ModelLimitError` if a run takes more than allowed. */
export type Spend = (operations: number) => void

/** Computes the first output of a node as ONNX defines it; the reference that ranges are measured with. */
export type Evaluate = (node: OnnxNode, inputs: Inputs, spend: Spend) => Tensor
