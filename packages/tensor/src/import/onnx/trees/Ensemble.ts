import type { Transform } from '../../ImportedModel.ts'
import type { OnnxNode } from '../OnnxModel.ts'

/** Where a walk goes on. */
export type Way = { node: number } | { leaf: number }

/** A node of a tree: goes one way for features of at most `limit`, the other for those above. */
export type Split = {
  feature: number
  /** Float32. */
  limit: number
  atMost: Way
  above: Way
}

/** A decision tree; a walk begins at split 0, or ends at leaf 0 where there are none. */
export type Tree = {
  /** Ways lead to later splits only. */
  splits: readonly Split[]
  /** What each leaf adds to each output. */
  leaves: readonly Float64Array[]
}

/** Trees whose leaves are added up. */
export type Ensemble = {
  node: OnnxNode
  trees: readonly Tree[]
  /** What each output begins with. */
  base: Float64Array
  /** What becomes of the sums. */
  transform: Transform
}
