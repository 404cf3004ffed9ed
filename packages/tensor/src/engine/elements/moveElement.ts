import type { MoveOperator } from '../../program/Operator.ts'
import { pieceAt } from '../../program/pieceAt.ts'
import type { Element } from './Element.ts'

/** MOVE: the byte of the first piece whose box holds the position. */
export function moveElement(operator: MoveOperator, tensors: readonly Uint8Array[]): Element {
  return (position) => {
    const from = pieceAt(operator, position)
    return from === undefined ? operator.fill : tensors[from.piece.source]![from.position]!
  }
}
