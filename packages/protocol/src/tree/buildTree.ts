import { type ByteArray, bytesToHex, type Hash } from 'viem'

import { hashBytes } from './hashBytes.ts'
import { hashToBytes } from './hashToBytes.ts'
import { hashNodes } from './nodeHash.ts'
import { hashRoot, type TreeTag } from './rootHash.ts'
import { treeDepth } from './treeDepth.ts'

/** A positional Merkle tree with all its nodes. */
export type Tree = {
  tag: TreeTag
  /** Leaves of the tree. */
  count: number
  /** Commitment to tag, count and every leaf in its position. */
  root: Hash
  /** Nodes by height, leaves first; what lies beyond the end of a level is the zero word. */
  levels: readonly (readonly ByteArray[])[]
}

/**
 * Builds the tree of the leaves' data.
 *
 * @example
 * const tree = buildTree('TNS1', rows)
 * tree.root // '0x5f1c…'
 */
export function buildTree(tag: TreeTag, leaves: readonly ByteArray[]): Tree {
  return fromLevel(
    tag,
    leaves.map((leaf) => hashBytes(0, leaf)),
  )
}

/** Builds the tree of leaves that are already hashed, as `supply` publishes them. */
export function buildTreeOfHashes(tag: TreeTag, leafHashes: readonly Hash[]): Tree {
  return fromLevel(tag, leafHashes.map(hashToBytes))
}

function fromLevel(tag: TreeTag, leaves: readonly ByteArray[]): Tree {
  const count = leaves.length
  const levels = [leaves]
  for (let depth = treeDepth(count); depth > 0; depth -= 1) levels.push(parentsOf(levels.at(-1)!))
  return { tag, count, root: bytesToHex(hashRoot(tag, count, levels.at(-1)![0]!)), levels }
}

function parentsOf(nodes: readonly ByteArray[]): ByteArray[] {
  const parents: ByteArray[] = []
  for (let i = 0; i < nodes.length; i += 2) {
    parents.push(hashNodes(nodes[i]!, nodes[i + 1] ?? new Uint8Array(32)))
  }
  return parents
}
