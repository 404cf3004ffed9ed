import { buildTree, pathOf, type TreeTag } from '@assay/protocol/tree'
import { createRandom } from '@assay/tensor/examples'
import { bytesToHex, type Hash, type Hex } from 'viem'

/** A tree, and the path of one of its leaves. */
export type TreeVector = {
  tag: TreeTag
  leaves: Hex[]
  leafHashes: Hash[]
  root: Hash
  index: number
  path: Hash[]
}

const tags: TreeTag[] = ['TNS1', 'TRC1', 'WGT1', 'PRG1']
const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33]

/** Vectors of trees: each depth's smallest and largest, and what lies between. */
export function treeVectors(): TreeVector[] {
  const random = createRandom(32)
  return counts.flatMap((count, i) =>
    [0, random.integer(0, count - 1), count - 1].map((index) => {
      const tag = tags[(i + index) % tags.length]!
      const leaves = Array.from({ length: count }, () => random.bytes(random.integer(0, 40)))
      const tree = buildTree(tag, leaves)
      return {
        tag,
        leaves: leaves.map((leaf) => bytesToHex(leaf)),
        leafHashes: tree.levels[0]!.map((hash) => bytesToHex(hash)),
        root: tree.root,
        index,
        path: pathOf(tree, index),
      }
    }),
  )
}
