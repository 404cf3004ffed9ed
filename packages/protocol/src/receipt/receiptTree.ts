import type { Hash } from 'viem'

import { buildTree, type Tree } from '../tree/buildTree.ts'
import { hashToBytes } from '../tree/hashToBytes.ts'

/** Builds the tree of a batch: its leaves are the ids of the receipts, in the order of the batch. */
export function receiptTree(ids: readonly Hash[]): Tree {
  return buildTree('RCP1', ids.map(hashToBytes))
}
