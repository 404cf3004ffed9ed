import { allLeaves, type Node } from '@assay/protocol'
import { type Hex, hexToBytes } from 'viem'

import { nodeTrees } from './nodeTrees.ts'
import { parseHashes } from './parseHashes.ts'
import type { PursueParameters } from './pursue.ts'

/** What the supplies of a dispute have brought to light so far. */
export type Supplied = Pick<PursueParameters, 'tensorRoots' | 'leafHashes' | 'row'>

/** Reads what `supplyData` published for a node of the trace or of a tensor. */
export function parseSupply({ tree, leaf }: Node, data: Hex): Supplied {
  if (tree === nodeTrees.trace) return { tensorRoots: parseHashes(data) }
  return leaf === allLeaves ? { leafHashes: parseHashes(data) } : { row: hexToBytes(data) }
}
