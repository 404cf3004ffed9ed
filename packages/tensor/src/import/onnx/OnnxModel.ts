import type { AttributeProto } from './generated/onnx_pb.ts'
import type { Tensor } from './Tensor.ts'

/** A node of a model's graph. */
export type OnnxNode = {
  /** Number in the file. */
  index: number
  /** Its name; `#` and its number where it has none. */
  name: string
  /** Operator, such as `Conv`; with the domain in front where it is not a standard one. */
  operator: string
  /** What the file calls it; another operator where a fused one was taken apart. */
  label: string
  /** Whether it is a part of a fused operator that another part speaks for. */
  isPart?: boolean
  /** Version of the operator set that the operator is of. */
  version: number
  /** Names of values; empty for an optional one left out. */
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: ReadonlyMap<string, AttributeProto>
}

/** An input or output of a model. */
export type OnnxValue = {
  name: string
  /** Element type, such as `FLOAT`. */
  type: string
  /** Dimensions with a batch of one; undefined for one that the file leaves open. */
  dims: readonly (number | undefined)[] | undefined
}

/** A model file's graph, within limits but not yet understood. */
export type OnnxModel = {
  inputs: readonly OnnxValue[]
  outputs: readonly OnnxValue[]
  /** In an order in which every value is produced before it is read. */
  nodes: readonly OnnxNode[]
  constants: ReadonlyMap<string, Tensor>
}
