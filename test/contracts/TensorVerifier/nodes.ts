import { allLeaves } from '@assay/protocol'
import { concat, type Hex, toHex, zeroHash } from 'viem'

import {
  type Dense,
  type Program,
  pathOf,
  rowLeaves,
  type Tensor,
  tensorRoot,
  traceLeaves,
  weightLeaves,
  weightRow,
} from './program.ts'
import { empty, openOperator, openTensor } from './proofs.ts'

export const trees = { trace: 0, tensor: 1, weights: 2 } as const
export type Node = { tree: number; index: number; leaf: number }

export const traceNode: Node = { tree: trees.trace, index: 0, leaf: allLeaves }

export function tensorNode(index: number, leaf = allLeaves): Node {
  return { tree: trees.tensor, index, leaf }
}

export function weightsNode(index: number, leaf = allLeaves): Node {
  return { tree: trees.weights, index, leaf }
}

/** Leaf hashes and root of the tree of `node`. */
function treeOf(program: Program, tensors: Tensor[], { tree, index }: Node) {
  if (tree === trees.trace) return { tag: 'TRC1', leaves: traceLeaves(tensors) }
  if (tree === trees.tensor) return { tag: 'TNS1', leaves: rowLeaves(tensors[index]!) }
  return { tag: 'WGT1', leaves: weightLeaves(program[index] as Dense) }
}

/** Everything a demand for `node` passes: its hash and what shows that the claim binds it. */
export function demandOf(
  program: Program,
  tensors: Tensor[],
  node: Node,
  root: Hex,
  hashOfParent: Hex = zeroHash,
) {
  const { leaves } = treeOf(program, tensors, node)
  const isLeaf = node.leaf !== allLeaves
  const proof = {
    operator: openOperator(program, node.index),
    tensor: node.tree === trees.tensor ? openTensor(tensors, node.index) : empty,
    path: isLeaf ? pathOf(leaves, node.leaf) : [],
    hashOfParent,
  }
  return { node, hash: isLeaf ? leaves[node.leaf]! : root, proof }
}

/** What answers a demand for `node`. */
export function supplyOf(program: Program, tensors: Tensor[], node: Node): Hex {
  const { tree, index, leaf } = node
  if (leaf === allLeaves) {
    const { leaves } = treeOf(program, tensors, node)
    return concat(tree === trees.trace ? tensors.slice(1).map(tensorRoot) : leaves)
  }
  if (tree === trees.trace) return tensorRoot(tensors[leaf + 1]!)
  if (tree === trees.tensor) return toHex(tensors[index]![leaf]!)
  return weightRow((program[index] as Dense).neurons[leaf]!)
}
