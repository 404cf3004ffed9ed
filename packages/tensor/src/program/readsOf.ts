import type { Operator } from './Operator.ts'
import type { Program } from './Program.ts'
import { pieceAt } from './pieceAt.ts'
import { touchedLines } from './touchedLines.ts'

/** What one element is computed from. */
export type Reads = {
  /** Tensors in the order of an element proof, each with the rows that matter, ascending. */
  sources: readonly { tensor: number; rows: readonly number[] }[]
  /** Row of the operator's weights, if it has any. */
  weightRow: number | undefined
}

/** Returns the rows and the weight row that the element at (`row`, `column`) of a tensor depends on, and on nothing else. */
export function readsOf(program: Program, tensor: number, row: number, column: number): Reads {
  const { operators } = program
  const operator = operators[tensor]!
  return {
    sources: sourcesOf(operators, operator, row, column),
    weightRow: weightRowOf(operator, row, column),
  }
}

function sourcesOf(
  operators: readonly Operator[],
  operator: Operator,
  row: number,
  column: number,
): Reads['sources'] {
  if (operator.kind === 'input' || operator.kind === 'constant') return []
  const { source } = operator
  switch (operator.kind) {
    case 'dense':
    case 'trees':
    case 'sum':
      return [{ tensor: source, rows: range(0, operators[source]!.rows, 1) }]
    case 'lookup':
    case 'softmax':
      return [{ tensor: source, rows: [row] }]
    case 'conv':
    case 'pool': {
      const { first, count, step } = touchedLines(operator, operators[source]!.rows, row)
      return [{ tensor: source, rows: range(first, count, step) }]
    }
    case 'add':
    case 'mul': {
      const { other } = operator
      return [
        { tensor: source, rows: [row] },
        { tensor: other, rows: [row % operators[other]!.rows] },
      ]
    }
    case 'move': {
      const from = pieceAt(operator, row * operator.rowBytes + column)
      if (from === undefined) return []
      const { source: read } = from.piece
      return [{ tensor: read, rows: [Math.floor(from.position / operators[read]!.rowBytes)] }]
    }
  }
}

function weightRowOf(operator: Operator, row: number, column: number): number | undefined {
  switch (operator.kind) {
    case 'dense':
      return column
    case 'conv':
      return column % operator.outputs
    case 'constant':
    case 'trees':
      return row
    default:
      return undefined
  }
}

function range(first: number, count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i * step)
}
