import { treeDepth } from '@assay/protocol/tree'
import type { ConvOperator, PoolOperator } from '../program/Operator.ts'
import type { Program } from '../program/Program.ts'
import { touchedLines } from '../program/touchedLines.ts'
import { weightShape } from '../program/weightShape.ts'

/** ABI-encoded size of the largest element proof of a program. */
export type ElementProofSize = {
  /** Operator whose elements take the most bytes. */
  operator: number
  /** Bytes of the encoded `ElementProof`. */
  bytes: number
  /** Upper bound of the calldata's gas at EIP-7623's floor of 40 per byte. */
  floorGas: number
}

/**
 * Returns how large an element proof of this program can be; `context` and selector come on top. A move whose largest piece
 * is hidden by others counts with that piece.
 */
export function elementProofSize(program: Program): ElementProofSize {
  const sizes = program.operators.map((_, operator) => ({
    operator,
    bytes: operator === 0 ? 0 : sizeOf(program, operator),
  }))
  const largest = sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a))
  return { ...largest, floorGas: largest.bytes * 40 }
}

function sizeOf(program: Program, index: number): number {
  const { rows, rowBytes } = program.operators[index]!
  const weights = weightShape(program.operators[index]!)
  return (
    words(7) +
    operatorSize(program, index) +
    words(1) +
    sourcesSize(program, index) +
    (weights === undefined ? rowSize(0, 1) : rowSize(weights.length, weights.count)) +
    tensorSize(program, index) +
    rowSize(rowBytes, rows)
  )
}

/** The largest list of sources that an element of this operator has. */
function sourcesSize(program: Program, index: number): number {
  const operator = program.operators[index]!
  if (operator.kind === 'input' || operator.kind === 'constant') return 0
  const { source } = operator
  const { rows } = program.operators[source]!
  switch (operator.kind) {
    case 'dense':
    case 'trees':
    case 'sum':
      return sourceSize(program, source, rows)
    case 'lookup':
    case 'softmax':
      return sourceSize(program, source, 1)
    case 'conv':
    case 'pool':
      return sourceSize(program, source, mostLines(operator, rows))
    case 'add':
    case 'mul':
      return sourceSize(program, source, 1) + sourceSize(program, operator.other, 1)
    case 'move':
      return operator.pieces
        .filter(({ axes }) => axes.every(({ low, high }) => low < high))
        .reduce((most, piece) => Math.max(most, sourceSize(program, piece.source, 1)), 0)
  }
}

function mostLines(operator: ConvOperator | PoolOperator, height: number) {
  let most = 0
  for (let row = 0; row < operator.rows; row += 1) {
    most = Math.max(most, touchedLines(operator, height, row).count)
  }
  return most
}

/** A `SourceOpening` and its offset: three offsets, the producer, the tensor, the rows with their number and offsets. */
function sourceSize(program: Program, tensor: number, count: number) {
  const { rows, rowBytes } = program.operators[tensor]!
  const opened = words(1) + rowSize(rowBytes, rows)
  return words(5) + operatorSize(program, tensor) + tensorSize(program, tensor) + count * opened
}

/** A `TensorOpening`: root, offset, path with its length; that of the input is empty. */
function tensorSize(program: Program, tensor: number) {
  return words(3 + (tensor === 0 ? 0 : treeDepth(program.operators.length - 1)))
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
