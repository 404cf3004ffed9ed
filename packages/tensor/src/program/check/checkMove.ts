import { FieldError, ShapeError, SourceError } from '../errors.ts'
import type { MoveOperator, Operator, Piece } from '../Operator.ts'
import { needWithin } from './need.ts'

const maxRank = 8
const maxPieces = 64

/** Checks that a move fills its shape and that no piece reaches beyond its source. */
export function checkMove(operator: MoveOperator, earlier: readonly Operator[]) {
  const index = earlier.length
  const { source, rows, rowBytes, dims, pieces } = operator
  needWithin(index, 'rank', dims.length, 1, maxRank)
  needWithin(index, 'count', pieces.length, 0, maxPieces)
  const volume = product(dims)
  const needed = product([rows, rowBytes])
  if (volume !== needed) {
    throw new ShapeError(index, 'product of dims', String(volume), String(needed))
  }
  const first = pieces[0]?.source ?? 0
  if (source !== first) throw new SourceError(index, source, 'source', first)
  for (const [i, piece] of pieces.entries()) checkPiece(i, piece, dims, earlier)
}

function checkPiece(
  piece: number,
  { source, base, axes }: Piece,
  dims: readonly number[],
  earlier: readonly Operator[],
) {
  const index = earlier.length
  const name = `pieces[${piece}]`
  const read = earlier[source]
  if (read === undefined) throw new SourceError(index, source, `${name}.source`)
  for (const [axis, { low, high }] of axes.entries()) {
    const field = `${name}.axes[${axis}]`
    if (high > dims[axis]!)
      throw new FieldError(index, `${field}.high`, high, `at most ${dims[axis]}`)
    if (low > high) throw new FieldError(index, `${field}.low`, low, `at most ${high}`)
  }
  if (axes.some(({ low, high }) => low === high)) return

  // Up to eight products of 64 bits: more than a double holds.
  const last = axes.reduce(
    (sum, { low, high, stride }) => sum + BigInt(high - 1 - low) * BigInt(stride),
    BigInt(base),
  )
  const length = product([read.rows, read.rowBytes])
  if (last >= length) {
    throw new ShapeError(index, `last byte read by ${name}`, String(last), `below ${length}`)
  }
}

function product(factors: readonly number[]) {
  return factors.reduce((total, factor) => total * BigInt(factor), 1n)
}
