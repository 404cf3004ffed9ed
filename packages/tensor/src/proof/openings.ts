import type { OperatorOpening, RowOpening, TensorOpening } from '@assay/protocol'
import { pathOf, type Tree } from '@assay/protocol/tree'
import { bytesToHex, type Hash, zeroHash } from 'viem'

import type { Program } from '../program/Program.ts'

/** Opening of the input, or of operators and tensors that a proof does not use. */
export const emptyTensorOpening: TensorOpening = { root: zeroHash, path: [] }
export const emptyRowOpening: RowOpening = { index: 0, data: '0x', path: [] }

/** Opens an operator in the program tree. */
export function openOperator(program: Program, index: number): OperatorOpening {
  const path = pathOf(program.tree, index)
  const descriptor = bytesToHex(program.descriptors[index]!)
  return { index, count: program.tree.count, descriptor, path }
}

/** Opens the root of a tensor's tree in the trace; tensor 0 needs no opening. */
export function openTensor(traceTree: Tree, tensor: number, root: Hash): TensorOpening {
  if (tensor === 0) return emptyTensorOpening
  return { root, path: pathOf(traceTree, tensor - 1) }
}

/** Opens a row, whose data is given, in its tree. */
export function openRow(tree: Tree, index: number, data: Uint8Array): RowOpening {
  return { index, data: bytesToHex(data), path: pathOf(tree, index) }
}
