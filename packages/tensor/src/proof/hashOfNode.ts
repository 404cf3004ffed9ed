import { allLeaves, type Node } from '@assay/protocol'
import { leafHash, type Tree } from '@assay/protocol/tree'
import { type Hash, hexToBytes } from 'viem'

import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { NodeError } from './errors.ts'
import { nodeTrees } from './nodeTrees.ts'

/** A tree that a claim binds, with the data of its leaves. */
export type BoundTree = {
  tree: Tree
  leaves: readonly Uint8Array[]
}

/** Returns the tree that a node lies in. */
export function treeOfNode(program: Program, trace: Trace, node: Node): BoundTree {
  const found = findTree(program, trace, node)
  if (found === undefined || (node.leaf !== allLeaves && found.leaves[node.leaf] === undefined)) {
    throw new NodeError(node)
  }
  return found
}

/** Returns the hash under which a node is demanded: the root of its tree, or the hash of its leaf. */
export function hashOfNode(program: Program, trace: Trace, node: Node): Hash {
  const { tree, leaves } = treeOfNode(program, trace, node)
  return node.leaf === allLeaves ? tree.root : leafHash(leaves[node.leaf]!)
}

function findTree(program: Program, trace: Trace, node: Node): BoundTree | undefined {
  const { tree, index } = node
  if (tree === nodeTrees.trace && index === 0) {
    const roots = trace.tensorTrees.slice(1).map(({ root }) => hexToBytes(root))
    return { tree: trace.tree, leaves: roots }
  }
  if (tree === nodeTrees.tensor) {
    const [rows, tensorTree] = [trace.tensors[index], trace.tensorTrees[index]]
    return rows && tensorTree && { tree: tensorTree, leaves: rows }
  }
  const weights = tree === nodeTrees.weights ? program.weights[index] : undefined
  return weights && { tree: weights.tree, leaves: weights.rows }
}
