import { TreeError } from './errors.ts'
import { leafBit, nodeLength, nodesAt } from './treeLayout.ts'

/** Where a walk goes on: a later node, or a leaf. */
export type Branch = { node: number } | { leaf: number }

/** A node of a decision tree: takes one branch if a feature is below a threshold, the other if it is not. */
export type TreeNode = {
  feature: number
  threshold: number
  below: Branch
  otherwise: Branch
}

/** A decision tree; a walk begins at node 0, or ends at leaf 0 where there are no nodes. */
export type DecisionTree = {
  /** Branches lead to later nodes only. */
  nodes: readonly TreeNode[]
  /** Int32 values of each leaf, all of one length. */
  leaves: readonly (readonly number[])[]
}

/** Returns the bytes that a tree takes at least. */
export function treeLength({ nodes, leaves }: DecisionTree): number {
  return (
    nodesAt + nodes.length * nodeLength + leaves.reduce((sum, leaf) => sum + leaf.length * 4, 0)
  )
}

/**
 * Encodes a decision tree as a weight row of a TREES operator, padded with zeros to `length`. Throws `TreeError` where the
 * tree is no tree of this format.
 *
 * @example
 * const length = Math.max(...trees.map(treeLength))
 * const rows = trees.map((tree) => encodeTree(tree, length))
 */
export function encodeTree(tree: DecisionTree, length = treeLength(tree)): Uint8Array {
  const { nodes, leaves } = tree
  need('nodes', nodes.length, leafBit - 1)
  need('leaves', leaves.length, leafBit)
  need('length', treeLength(tree), length)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, nodes.length)
  for (const [n, { feature, threshold, below, otherwise }] of nodes.entries()) {
    const offset = nodesAt + n * nodeLength
    view.setUint16(offset, need(`feature of node ${n}`, feature, 0xffff))
    view.setUint16(offset + 2, need(`threshold of node ${n}`, threshold, 0xffff))
    view.setUint16(offset + 4, encodeBranch(tree, n, below))
    view.setUint16(offset + 6, encodeBranch(tree, n, otherwise))
  }
  const values = leaves[0]?.length ?? 0
  for (const [i, leaf] of leaves.entries()) {
    need(`values of leaf ${i}`, leaf.length, values, values)
    const offset = nodesAt + nodes.length * nodeLength + i * values * 4
    for (const [k, value] of leaf.entries()) {
      need(`value ${k} of leaf ${i}`, value, 2 ** 31 - 1, -(2 ** 31))
      view.setInt32(offset + k * 4, value)
    }
  }
  return bytes
}

function encodeBranch({ nodes, leaves }: DecisionTree, n: number, branch: Branch): number {
  if ('leaf' in branch)
    return leafBit | need(`leaf after node ${n}`, branch.leaf, leaves.length - 1)
  return need(`node after node ${n}`, branch.node, nodes.length - 1, n + 1)
}

function need(subject: string, found: number, max: number, min = 0): number {
  if (!Number.isInteger(found) || found < min || found > max) {
    throw new TreeError(subject, found, `${min} to ${max}`)
  }
  return found
}
