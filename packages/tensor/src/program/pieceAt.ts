import type { MoveOperator, Piece } from './Operator.ts'

/** Where a byte of a move comes from. */
export type PieceAt = {
  piece: Piece
  /** Byte of the piece's source. */
  position: number
}

/** Returns where byte `position` of a move's output comes from; undefined where no piece is. */
export function pieceAt(operator: MoveOperator, position: number): PieceAt | undefined {
  const coordinates = coordinatesOf(operator.dims, position)
  const piece = operator.pieces.find(({ axes }) =>
    axes.every(({ low, high }, axis) => low <= coordinates[axis]! && coordinates[axis]! < high),
  )
  if (piece === undefined) return undefined
  const from = piece.axes.reduce(
    (sum, { low, stride }, axis) => sum + (coordinates[axis]! - low) * stride,
    piece.base,
  )
  return { piece, position: from }
}

/** Row-major coordinates of a position. */
function coordinatesOf(dims: readonly number[], position: number): number[] {
  let rest = position
  return dims
    .toReversed()
    .map((dim) => {
      const coordinate = rest % dim
      rest = Math.floor(rest / dim)
      return coordinate
    })
    .reverse()
}
