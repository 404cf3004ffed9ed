import { buildTree, buildTreeOfHashes, type Tree } from '@assay/protocol/tree'
import { type Hash, hexToBytes } from 'viem'

import type { Program } from '../program/Program.ts'
import { SupplyError } from './errors.ts'

export type TreeOfTraceParameters = {
  program: Program
  /** Root that the claim binds. */
  evidenceHash: Hash
  /** Roots of tensors 1…n, as supplied. */
  tensorRoots: readonly Hash[]
}

/** Rebuilds the tree of a trace from its supplied tensor roots. */
export function treeOfTrace(parameters: TreeOfTraceParameters): Tree {
  const { program, evidenceHash, tensorRoots } = parameters
  needCount(tensorRoots.length, program.operators.length - 1)
  const tree = buildTree(
    'TRC1',
    tensorRoots.map((root) => hexToBytes(root)),
  )
  needRoot(tree.root, evidenceHash)
  return tree
}

export type TreeOfLeavesParameters = {
  program: Program
  tensor: number
  /** Root of the tensor, in the trace or the claim. */
  root: Hash
  /** Hashes of the tensor's rows, as supplied. */
  leafHashes: readonly Hash[]
}

/** Rebuilds the tree of a tensor from its supplied leaf hashes. */
export function treeOfLeaves(parameters: TreeOfLeavesParameters): Tree {
  const { program, tensor, root, leafHashes } = parameters
  needCount(leafHashes.length, program.operators[tensor]!.rows)
  const tree = buildTreeOfHashes('TNS1', leafHashes)
  needRoot(tree.root, root)
  return tree
}

function needCount(found: number, needed: number) {
  if (found !== needed) throw new SupplyError(`${found} hashes were supplied, needed ${needed}.`)
}

function needRoot(found: Hash, needed: Hash) {
  if (found !== needed) throw new SupplyError(`The supplied root is ${found}, needed ${needed}.`)
}
