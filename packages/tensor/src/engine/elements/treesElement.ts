import type { TreesOperator } from '../../program/Operator.ts'
import { leafBit, nodeLength, nodesAt } from '../../program/treeLayout.ts'
import type { Element } from './Element.ts'
import { keepLast } from './keepLast.ts'

/** TREES: one byte of the leaf where the walk through the row's tree ends. */
export function treesElement(
  operator: TreesOperator,
  trees: readonly Uint8Array[],
  source: Uint8Array,
): Element {
  const { rowBytes, featureBytes } = operator
  const leafAt = keepLast((row) => {
    const tree = trees[row]!
    const leaf = walk(tree, featureBytes, source)
    return nodesAt + uint16At(tree, 0) * nodeLength + leaf * rowBytes
  })
  return (position) => {
    const row = Math.floor(position / rowBytes)
    return trees[row]![leafAt(row) + (position % rowBytes)] ?? 0
  }
}

/** Returns the leaf where a walk ends. */
function walk(tree: Uint8Array, featureBytes: 1 | 2, source: Uint8Array): number {
  const count = uint16At(tree, 0)
  let node = 0
  while (node < count) {
    const offset = nodesAt + node * nodeLength
    const value = featureAt(source, featureBytes, uint16At(tree, offset))
    if (value === undefined) return 0
    const isBelow = value < uint16At(tree, offset + 2)
    const next = uint16At(tree, offset + (isBelow ? 4 : 6))
    if (next >= leafBit) return next - leafBit
    if (next <= node) return 0
    node = next
  }
  return 0
}

function featureAt(source: Uint8Array, featureBytes: 1 | 2, feature: number): number | undefined {
  if (featureBytes === 1) return source[feature]
  return 2 * feature + 1 < source.length ? uint16At(source, 2 * feature) : undefined
}

/** Reads two bytes, big-endian; what lies past the end is zero. */
function uint16At(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0)
}
