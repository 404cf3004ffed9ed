import { DescriptorLengthError } from './errors.ts'
import { layoutLength, readFields } from './fields/fields.ts'
import { axisLayout, headerLength, moveLayout, pieceLayout } from './fields/layouts.ts'
import type { MoveOperator, Piece } from './Operator.ts'

const dimsAt = headerLength + layoutLength(moveLayout)
const axesAt = layoutLength(pieceLayout)
const axisLength = layoutLength(axisLayout)

/** Decodes what follows the header of a MOVE. */
export function decodeMove(
  index: number,
  view: DataView,
): Pick<MoveOperator, 'fill' | 'dims' | 'pieces'> {
  needLength(index, view, dimsAt)
  const { fill, rank } = readFields(moveLayout, view, headerLength)
  const countAt = dimsAt + 4 * rank
  needLength(index, view, countAt + 1)
  const count = view.getUint8(countAt)

  const pieceLength = axesAt + axisLength * rank
  const needed = countAt + 1 + count * pieceLength
  if (view.byteLength !== needed) throw new DescriptorLengthError(index, view.byteLength, needed)
  return {
    fill,
    dims: Array.from({ length: rank }, (_, i) => view.getUint32(dimsAt + 4 * i)),
    pieces: Array.from({ length: count }, (_, i) =>
      readPiece(view, countAt + 1 + i * pieceLength, rank),
    ),
  }
}

function readPiece(view: DataView, offset: number, rank: number): Piece {
  const axes = Array.from({ length: rank }, (_, i) =>
    readFields(axisLayout, view, offset + axesAt + i * axisLength),
  )
  return { ...readFields(pieceLayout, view, offset), axes }
}

function needLength(index: number, view: DataView, least: number) {
  if (view.byteLength < least) {
    throw new DescriptorLengthError(index, view.byteLength, `at least ${least}`)
  }
}
