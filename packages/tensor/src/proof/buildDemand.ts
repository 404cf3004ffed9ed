import { allLeaves, type DemandProof, type Node, type TensorOpening } from '@assay/protocol'
import { pathOf, type Tree } from '@assay/protocol/tree'
import { bytesToHex, type Hash, zeroHash } from 'viem'

import type { Program } from '../program/Program.ts'
import { NodeError, ParentUnknownError } from './errors.ts'
import { nodeTrees } from './nodeTrees.ts'
import { emptyTensorOpening, openOperator, openTensor } from './openings.ts'
import { treeOfLeaves, treeOfTrace } from './suppliedTrees.ts'

export type BuildDemandParameters = {
  program: Program
  /** Hashes of the claim. */
  claim: { inputHash: Hash; evidenceHash: Hash }
  /** What to demand. */
  node: Node
  /** Roots of tensors 1…n, once known: what `supply` of the whole trace published. */
  tensorRoots?: readonly Hash[]
  /** Leaf hashes of the node's tree, once known: what `supply` of all its leaves published. */
  leafHashes?: readonly Hash[]
  /** Whether the challenge window is over, so that the demand must follow a supplied parent. */
  isFollowUp?: boolean
}

/** Arguments of `TensorVerifier.demand` after the context. */
export type Demand = {
  node: Node
  /** Root of the node's tree, or hash of its leaf. */
  hash: Hash
  proof: DemandProof
}

/**
 * Builds the demand of a node from what a challenger without the trace can know.
 *
 * @example
 * const node = { tree: nodeTrees.trace, index: 0, leaf: allLeaves }
 * const demand = buildDemand({ program, claim, node })
 * await verifier.write.demand([source, context, demand.node, demand.hash, demand.proof])
 */
export function buildDemand(parameters: BuildDemandParameters): Demand {
  const { program, node, isFollowUp = false } = parameters
  const subject = findSubject(parameters)
  const { operator, tensor, root } = subject
  const isLeaf = node.leaf !== allLeaves
  const opening = isLeaf ? openLeaf(subject.leaves(), node) : { hash: root, path: [] }
  const parent = isLeaf ? root : subject.parent
  if (isFollowUp && parent === undefined) throw new NodeError(node)

  const proof: DemandProof = {
    operator: openOperator(program, operator),
    tensor,
    path: opening.path,
    hashOfParent: isFollowUp && parent !== undefined ? parent : zeroHash,
  }
  return { node, hash: opening.hash, proof }
}

/** The tree of a node, and what binds it to the claim. */
type Subject = {
  operator: number
  tensor: TensorOpening
  root: Hash
  /** Hash of the node that this tree's root is a leaf of. */
  parent?: Hash
  /** The tree itself, if its leaves are known. */
  leaves: () => Tree
}

function findSubject(parameters: BuildDemandParameters): Subject {
  const { program, claim, node } = parameters
  const { tree, index } = node
  const operator = program.operators[index]
  const weights = program.weights[index]
  if (tree === nodeTrees.trace && index === 0) {
    const leaves = () => knownTrace(parameters)
    return { operator: 0, tensor: emptyTensorOpening, root: claim.evidenceHash, leaves }
  }
  if (tree === nodeTrees.weights && weights !== undefined) {
    const { tree: leaves } = weights
    return { operator: index, tensor: emptyTensorOpening, root: leaves.root, leaves: () => leaves }
  }
  if (tree !== nodeTrees.tensor || operator === undefined) throw new NodeError(node)
  return index === 0
    ? tensorSubject(parameters, claim.inputHash, emptyTensorOpening)
    : producedSubject(parameters)
}

function producedSubject(parameters: BuildDemandParameters): Subject {
  const { claim, node, tensorRoots } = parameters
  const traceTree = knownTrace(parameters)
  const root = tensorRoots![node.index - 1]!
  const tensor = openTensor(traceTree, node.index, root)
  return { ...tensorSubject(parameters, root, tensor), parent: claim.evidenceHash }
}

function tensorSubject(
  parameters: BuildDemandParameters,
  root: Hash,
  tensor: TensorOpening,
): Subject {
  const { program, node, leafHashes } = parameters
  const leaves = () => {
    if (leafHashes === undefined) throw new ParentUnknownError('the leaf hashes of its tensor')
    return treeOfLeaves({ program, tensor: node.index, root, leafHashes })
  }
  return { operator: node.index, tensor, root, leaves }
}

function knownTrace(parameters: BuildDemandParameters): Tree {
  const { program, claim, tensorRoots } = parameters
  if (tensorRoots === undefined) throw new ParentUnknownError('the roots of all tensors')
  return treeOfTrace({ program, evidenceHash: claim.evidenceHash, tensorRoots })
}

function openLeaf(tree: Tree, node: Node) {
  const leaf = tree.levels[0]![node.leaf]
  if (leaf === undefined) throw new NodeError(node)
  return { hash: bytesToHex(leaf), path: pathOf(tree, node.leaf) }
}
