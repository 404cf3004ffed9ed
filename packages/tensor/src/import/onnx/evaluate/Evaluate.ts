import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'

/** Inputs of a node in their order; undefined for an optional one left out. */
export type Inputs = readonly (Tensor | undefined)[]

/** Computes the first output of a node as ONNX defines it; the reference that ranges are measured with. */
export type Evaluate = (node: OnnxNode, inputs: Inputs) => Tensor
