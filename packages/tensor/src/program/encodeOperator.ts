import { concatBytes } from 'viem'

import { writeFields } from './fields/fields.ts'
import {
  axisLayout,
  headerLayout,
  layouts,
  moveLayout,
  operatorKinds,
  pieceLayout,
  poolModes,
  sumLayout,
} from './fields/layouts.ts'
import type { MoveOperator, Operator, Piece, SumOperator } from './Operator.ts'

/** Encodes an operator as a leaf of the program tree; throws `FieldRangeError` where a value does not fit its field. */
export function encodeOperator(operator: Operator): Uint8Array {
  const { rows, rowBytes } = operator
  const source = 'source' in operator ? operator.source : 0
  const kind = operatorKinds.indexOf(operator.kind)
  const header = writeFields(headerLayout, { kind, source, rows, rowBytes })
  return concatBytes([header, encodeBody(operator)])
}

function encodeBody(operator: Operator): Uint8Array {
  switch (operator.kind) {
    case 'input':
      return new Uint8Array(0)
    case 'dense':
      return writeFields(layouts.dense, operator)
    case 'lookup':
      return writeFields(layouts.lookup, operator)
    case 'conv':
      return writeFields(layouts.conv, operator)
    case 'add':
      return writeFields(layouts.add, operator)
    case 'mul':
      return writeFields(layouts.mul, operator)
    case 'pool':
      return writeFields(layouts.pool, { ...operator, mode: poolModes.indexOf(operator.mode) })
    case 'move':
      return encodeMove(operator)
    case 'softmax':
      return writeFields(layouts.softmax, operator)
    case 'constant':
      return writeFields(layouts.constant, operator)
    case 'trees':
      return writeFields(layouts.trees, operator)
    case 'sum':
      return encodeSum(operator)
  }
}

function encodeMove({ fill, dims, pieces }: MoveOperator): Uint8Array {
  return concatBytes([
    writeFields(moveLayout, { fill, rank: dims.length }),
    ...dims.map((dim) => writeFields({ dim: 'uint32' }, { dim })),
    writeFields({ count: 'uint8' }, { count: pieces.length }),
    ...pieces.flatMap(encodePiece),
  ])
}

function encodePiece(piece: Piece): Uint8Array[] {
  return [
    writeFields(pieceLayout, piece),
    ...piece.axes.map((axis) => writeFields(axisLayout, axis)),
  ]
}

function encodeSum({ outputs, bias }: SumOperator): Uint8Array {
  return concatBytes([
    writeFields(sumLayout, { outputs }),
    ...Array.from(bias, (value) => writeFields({ value: 'int32' }, { value })),
  ])
}
