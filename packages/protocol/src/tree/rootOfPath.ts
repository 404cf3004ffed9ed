import { bytesToHex, type Hash } from 'viem'

import { LeafIndexError, PathLengthError } from './errors.ts'
import { hashToBytes } from './hashToBytes.ts'
import { hashNodes } from './nodeHash.ts'
import { hashRoot, type TreeTag } from './rootHash.ts'
import { treeDepth } from './treeDepth.ts'

export type RootOfPathParameters = {
  tag: TreeTag
  /** Leaves of the tree. */
  count: number
  /** Position of the leaf. */
  index: number
  /** Hash of the leaf. */
  leafHash: Hash
  /** Siblings from the leaf upwards, as many as the tree is deep. */
  path: readonly Hash[]
}

/** Returns the root that a leaf and its path compute to. */
export function rootOfPath(parameters: RootOfPathParameters): Hash {
  const { tag, count, index, leafHash, path } = parameters
  const depth = treeDepth(count)
  if (path.length !== depth) throw new PathLengthError(path.length, depth)
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new LeafIndexError(index, count)
  }

  let node = hashToBytes(leafHash)
  let position = index
  for (const sibling of path) {
    const other = hashToBytes(sibling)
    node = position % 2 === 0 ? hashNodes(node, other) : hashNodes(other, node)
    position = Math.floor(position / 2)
  }
  return bytesToHex(hashRoot(tag, count, node))
}
