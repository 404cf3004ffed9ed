import type { Tree } from '@assay/protocol/tree'

import type { Operator } from './Operator.ts'

/** What the weight rows of a dense operator or a convolution say; all empty for rows that are used as they are. */
export type Neurons = {
  biases: Int32Array
  multipliers: Int32Array
  shifts: Int8Array
  /** Weights of row 0, then of row 1 …, as many each as an element multiplies. */
  values: Int8Array
}

/** Weight rows of one operator: as committed, and decoded for execution. */
export type Weights = Neurons & {
  /** Encoded rows, in order. */
  rows: readonly Uint8Array[]
  /** Tree of the encoded rows; its root is the operator's `weightsRoot`. */
  tree: Tree
}

/** A validated exact model: whatever holds one can execute it without further checks. */
export type Program = {
  /** Leaf 0 describes the input; operator i produces tensor i. */
  operators: readonly Operator[]
  /** Encoded operators: the leaves of the program tree. */
  descriptors: readonly Uint8Array[]
  /** By operator; undefined for those without weights. */
  weights: readonly (Weights | undefined)[]
  /** Program tree; its root is what the registry keeps. */
  tree: Tree
}
