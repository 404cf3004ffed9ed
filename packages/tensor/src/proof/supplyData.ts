import { allLeaves, type Node } from '@assay/protocol'
import { bytesToHex, concatBytes, type Hex } from 'viem'

import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { treeOfNode } from './hashOfNode.ts'
import { nodeTrees } from './nodeTrees.ts'

/** Returns what `TensorVerifier.supply` publishes for a node: its leaf, or the list of all leaves' hashes. */
export function supplyData(program: Program, trace: Trace, node: Node): Hex {
  const { tree, leaves } = treeOfNode(program, trace, node)
  if (node.leaf !== allLeaves) return bytesToHex(leaves[node.leaf]!)
  // The leaves of the trace are hashes themselves, and are wanted as such.
  const hashes = node.tree === nodeTrees.trace ? leaves : tree.levels[0]!
  return bytesToHex(concatBytes([...hashes]))
}
