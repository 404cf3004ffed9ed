import type { Tree, TreeTag } from '@assay/protocol/tree'
import { bytesToHex } from 'viem'

import { splitRows } from '../trace/splitRows.ts'
import type { Trace } from '../trace/Trace.ts'
import type { Arena } from './Arena.ts'
import type { Layout } from './layout.ts'

/** Memory from one address on, as it was when it was copied. */
export type Snapshot = {
  base: number
  bytes: Uint8Array<ArrayBuffer>
}

/** Where the memory of tensors, trees and hashes begins, and its length. */
export function extentOf({ places, outputHash }: Layout) {
  const base = places[0]!.address
  return { base, length: outputHash + 32 - base }
}

/** Copies tensors, trees and hashes out of the memory: they lie beside each other. */
export function takeSnapshot(arena: Arena, layout: Layout): Snapshot {
  const { base, length } = extentOf(layout)
  return { base, bytes: arena.view(base, length).slice() }
}

/** Returns the trace in a snapshot. Rows and nodes become arrays when they are first read: a claim needs only hashes. */
export function readTrace(layout: Layout, snapshot: Snapshot): Trace {
  const bytesAt = (address: number, length: number) =>
    snapshot.bytes.subarray(address - snapshot.base, address - snapshot.base + length)
  const hashAt = (address: number) => bytesToHex(bytesAt(address, 32))

  const treeAt = (tag: TreeTag, count: number, nodes: number, root: number): Tree => {
    const levels = lazy(() => levelsOf(count, (node) => bytesAt(nodes + 32 * node, 32)))
    const hash = lazy(() => hashAt(root))
    return {
      tag,
      count,
      get root() {
        return hash()
      },
      get levels() {
        return levels()
      },
    }
  }
  const { places, nodes, roots, traceNodes, traceRoot, outputHash } = layout
  const tensors = lazy(() =>
    places.map((place) => splitRows(place, bytesAt(place.address, place.rows * place.rowBytes))),
  )
  return {
    get tensors() {
      return tensors()
    },
    tensorTrees: places.map(({ rows }, tensor) =>
      treeAt('TNS1', rows, nodes[tensor]!, roots + 32 * tensor),
    ),
    tree: treeAt('TRC1', places.length - 1, traceNodes, traceRoot),
    inputHash: hashAt(roots),
    outputHash: hashAt(outputHash),
    evidenceHash: hashAt(traceRoot),
  }
}

/** Splits nodes, numbered from the leaves upwards, into levels. */
function levelsOf(count: number, nodeAt: (node: number) => Uint8Array): Uint8Array[][] {
  const levels: Uint8Array[][] = []
  let first = 0
  for (let width = count; ; width = Math.ceil(width / 2)) {
    const start = first
    levels.push(Array.from({ length: width }, (_, i) => nodeAt(start + i)))
    first += width
    if (width === 1) return levels
  }
}

function lazy<value>(compute: () => value): () => value {
  let computed: { value: value } | undefined
  return () => {
    computed ??= { value: compute() }
    return computed.value
  }
}
