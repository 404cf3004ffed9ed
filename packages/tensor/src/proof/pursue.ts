import { allLeaves, type ElementProof, type Node } from '@assay/protocol'
import { leafHash } from '@assay/protocol/tree'
import { bytesToHex, type Hash } from 'viem'

import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { assembleElementProof } from './assembleElementProof.ts'
import { buildOutputProof, type OutputProof } from './buildOutputProof.ts'
import { SupplyError } from './errors.ts'
import { nodeTrees } from './nodeTrees.ts'
import { treeOfLeaves, treeOfTrace } from './suppliedTrees.ts'

export type PursueParameters = {
  program: Program
  /** What the input really computes to. */
  honest: Trace
  /** Hashes of the claim. */
  claim: { outputHash: Hash; evidenceHash: Hash }
  /** Roots of tensors 1…n, once the whole trace was supplied. */
  tensorRoots?: readonly Hash[]
  /** Leaf hashes of the first wrong tensor, once supplied. */
  leafHashes?: readonly Hash[]
  /** The first wrong row of that tensor, once supplied. */
  row?: Uint8Array
}

/** What to do next against a claim whose trace the operator does not serve. */
export type Pursuit =
  | { kind: 'demand'; node: Node }
  | { kind: 'element'; proof: ElementProof }
  | { kind: 'output'; proof: OutputProof }
  | { kind: 'consistent' }

/**
 * Narrows a withheld trace down to one provable element: trace, tensor, row. Each demand that it names must be supplied,
 * or the claim loses by silence.
 */
export function pursue(parameters: PursueParameters): Pursuit {
  const { program, honest, claim, tensorRoots } = parameters
  if (tensorRoots === undefined) return demand(nodeTrees.trace, 0)

  treeOfTrace({ program, evidenceHash: claim.evidenceHash, tensorRoots })
  const wrong = tensorRoots.findIndex((root, i) => root !== honest.tensorTrees[i + 1]!.root)
  if (wrong >= 0) return pursueTensor(parameters, tensorRoots, wrong + 1)
  if (honest.outputHash === claim.outputHash) return { kind: 'consistent' }
  return { kind: 'output', proof: buildOutputProof(program, honest) }
}

function pursueTensor(
  parameters: PursueParameters,
  tensorRoots: readonly Hash[],
  tensor: number,
): Pursuit {
  const { program, honest, claim, leafHashes, row: data } = parameters
  if (leafHashes === undefined) return demand(nodeTrees.tensor, tensor)

  const root = tensorRoots[tensor - 1]!
  const tree = treeOfLeaves({ program, tensor, root, leafHashes })
  const honestLeaves = honest.tensorTrees[tensor]!.levels[0]!
  const row = leafHashes.findIndex((hash, i) => hash !== bytesToHex(honestLeaves[i]!))
  if (data === undefined) return demand(nodeTrees.tensor, tensor, row)
  if (leafHash(data) !== leafHashes[row]) {
    throw new SupplyError(`The supplied row is not row ${row} of tensor ${tensor}.`)
  }

  const column = data.findIndex((byte, i) => byte !== honest.tensors[tensor]![row]![i])
  // Every tensor before this one was committed as it is, so the honest ones open in its place.
  const proof = assembleElementProof({
    program,
    traceTree: treeOfTrace({ program, evidenceHash: claim.evidenceHash, tensorRoots }),
    earlier: honest,
    output: { row: data, tree },
    tensor,
    row,
    column,
  })
  return { kind: 'element', proof }
}

function demand(tree: number, index: number, leaf = allLeaves): Pursuit {
  return { kind: 'demand', node: { tree, index, leaf } }
}
