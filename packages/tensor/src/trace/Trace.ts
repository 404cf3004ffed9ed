import type { Tree } from '@assay/protocol/tree'
import type { Hash } from 'viem'

/** Rows of a tensor. Those of a malformed commitment may have any length. */
export type Tensor = readonly Uint8Array[]

/** Every tensor of one execution, honest or not, as committed. */
export type Trace = {
  /** Tensor 0 is the input. */
  tensors: readonly Tensor[]
  /** By tensor: the tree of its rows. */
  tensorTrees: readonly Tree[]
  /** Tree of the roots of tensors 1…n. */
  tree: Tree
  /** Root of tensor 0. */
  inputHash: Hash
  /** keccak256 of the last tensor's rows. */
  outputHash: Hash
  /** Root of the trace. */
  evidenceHash: Hash
}
