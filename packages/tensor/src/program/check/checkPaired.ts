import { ShapeError, SourceError } from '../errors.ts'
import type { AddOperator, MulOperator, Operator } from '../Operator.ts'
import { needSameShape, needWithin, type Shape } from './need.ts'

/** Largest left shift of an addition: a difference of two bytes, shifted, stays within 31 bits. */
const maxLeftShift = 22

/** Checks an operator of two tensors: the source has the shape produced, the other repeats to it. */
export function checkPaired(
  operator: AddOperator | MulOperator,
  read: Shape,
  earlier: readonly Operator[],
) {
  const index = earlier.length
  const { other, rows, rowBytes } = operator
  needSameShape(index, operator, read)
  const second = earlier[other]
  if (second === undefined) throw new SourceError(index, other, 'other')
  needDivisor(index, 'rows of the other tensor', second.rows, rows)
  needDivisor(index, 'rowBytes of the other tensor', second.rowBytes, rowBytes)
  if (operator.kind === 'add') needWithin(index, 'leftShift', operator.leftShift, 0, maxLeftShift)
}

function needDivisor(index: number, field: string, found: number, multiple: number) {
  if (multiple % found !== 0) throw new ShapeError(index, field, found, `a divisor of ${multiple}`)
}
