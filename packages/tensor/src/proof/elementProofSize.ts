import { treeDepth } from '@assay/protocol/tree'

import type { Program } from '../program/Program.ts'
import { weightRowLength } from '../program/weightRow.ts'

/** ABI-encoded size of the largest element proof of a program. */
export type ElementProofSize = {
  /** Operator whose elements take the most bytes. */
  operator: number
  /** Bytes of the encoded `ElementProof`. */
  bytes: number
  /** Upper bound of the calldata's gas at EIP-7623's floor of 40 per byte. */
  floorGas: number
}

/** Returns how large an element proof of this program can be; `context` and selector come on top. */
export function elementProofSize(program: Program): ElementProofSize {
  const sizes = program.operators.map((_, operator) => ({
    operator,
    bytes: operator === 0 ? 0 : sizeOf(program, operator),
  }))
  const largest = sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a))
  return { ...largest, floorGas: largest.bytes * 40 }
}

function sizeOf(program: Program, index: number): number {
  const operator = program.operators[index]!
  if (operator.kind === 'input') return 0
  const read = program.operators[operator.source]!
  const inputRows = operator.kind === 'dense' ? read.rows : 1
  const inputRow = rowSize(read.rowBytes, read.rows)
  const weightRow =
    operator.kind === 'dense' ? rowSize(weightRowLength(operator.inputs), operator.rowBytes) : 160
  const traceLeaves = program.operators.length - 1

  return (
    words(9) +
    operatorSize(program, index) +
    operatorSize(program, operator.source) +
    (operator.source === 0 ? words(3) : words(3 + treeDepth(traceLeaves))) +
    words(1 + inputRows) +
    inputRows * inputRow +
    weightRow +
    words(3 + treeDepth(traceLeaves)) +
    rowSize(operator.rowBytes, operator.rows)
  )
}

function words(count: number) {
  return count * 32
}

function paddedLength(length: number) {
  return Math.ceil(length / 32) * 32
}

/** A `RowOpening`: index, two offsets, data and path with their lengths. */
function rowSize(length: number, count: number) {
  return words(5 + treeDepth(count)) + paddedLength(length)
}

/** An `OperatorOpening`: index, count, two offsets, descriptor and path with their lengths. */
function operatorSize(program: Program, index: number) {
  const { tree, descriptors } = program
  return words(6 + treeDepth(tree.count)) + paddedLength(descriptors[index]!.length)
}
