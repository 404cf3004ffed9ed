import { buildTree } from '@assay/protocol/tree'
import { hexToBytes, keccak256 } from 'viem'

import type { Program } from '../program/Program.ts'
import { TraceShapeError } from './errors.ts'
import { joinRows } from './joinRows.ts'
import type { Tensor, Trace } from './Trace.ts'

/**
 * Commits to tensors 0…n: their roots, and the root of those. Rows may have wrong lengths and bytes, as a dishonest
 * operator's do; tensors and rows must be as many as the program says, since nothing else opens.
 */
export function commitTrace(program: Program, tensors: readonly Tensor[]): Trace {
  const { operators } = program
  if (tensors.length !== operators.length) {
    throw new TraceShapeError('Tensors of the trace', tensors.length, operators.length)
  }
  for (const [i, { rows }] of operators.entries()) {
    const found = tensors[i]!.length
    if (found !== rows) throw new TraceShapeError(`Rows of tensor ${i}`, found, rows)
  }

  const tensorTrees = tensors.map((rows) => buildTree('TNS1', rows))
  const tree = buildTree(
    'TRC1',
    tensorTrees.slice(1).map(({ root }) => hexToBytes(root)),
  )
  return {
    tensors,
    tensorTrees,
    tree,
    inputHash: tensorTrees[0]!.root,
    outputHash: keccak256(joinRows(tensors.at(-1)!)),
    evidenceHash: tree.root,
  }
}
