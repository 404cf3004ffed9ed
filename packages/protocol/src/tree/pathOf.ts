import { bytesToHex, type Hash, zeroHash } from 'viem'

import type { Tree } from './buildTree.ts'
import { LeafIndexError } from './errors.ts'

/** Returns the siblings of a leaf, from the leaf upwards. */
export function pathOf(tree: Tree, index: number): Hash[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.count) {
    throw new LeafIndexError(index, tree.count)
  }
  return tree.levels.slice(0, -1).map((nodes, height) => {
    const position = Math.floor(index / 2 ** height)
    const sibling = nodes[position % 2 === 0 ? position + 1 : position - 1]
    return sibling === undefined ? zeroHash : bytesToHex(sibling)
  })
}
