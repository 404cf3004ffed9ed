import type { TreeTag } from '@assay/protocol/tree'
import type { Kernels } from './Kernels.ts'
import type { Layout } from './layout.ts'

/** A tag as the kernels take it: four bytes, the first one lowest. */
function tagWord(tag: TreeTag): number {
  return [...tag].reduceRight((word, character) => (word << 8) | character.charCodeAt(0), 0)
}

const tensorTag = tagWord('TNS1')
const traceTag = tagWord('TRC1')

/** Hashes one tensor's rows to its root. */
export function commitTensor(kernels: Kernels, layout: Layout, tensor: number) {
  const { address, rows, rowBytes } = layout.places[tensor]!
  const nodes = layout.nodes[tensor]!
  kernels.hashRows(address, rows, rowBytes, nodes)
  kernels.hashRoot(tensorTag, rows, kernels.buildLevels(nodes, rows), layout.roots + 32 * tensor)
}

/** Hashes the roots of tensors 1…n to the root of the trace, and the last tensor to the output's hash. */
export function commitRoots(kernels: Kernels, layout: Layout) {
  const { places, roots, traceNodes, traceRoot, outputHash } = layout
  const count = places.length - 1
  kernels.hashRows(roots + 32, count, 32, traceNodes)
  kernels.hashRoot(traceTag, count, kernels.buildLevels(traceNodes, count), traceRoot)
  const { address, rows, rowBytes } = places[count]!
  kernels.hash(address, rows * rowBytes, outputHash)
}
