import { FieldError, ShapeError } from '../errors.ts'
import type { Operator } from '../Operator.ts'

/** Shape of a tensor. */
export type Shape = Pick<Operator, 'rows' | 'rowBytes'>

/** Throws `ShapeError` unless a quantity is the one that follows from the rest. */
export function needEqual(index: number, field: string, found: number, needed: number) {
  if (found !== needed) throw new ShapeError(index, field, found, needed)
}

/** Throws `ShapeError` unless one quantity, 1 or more, divides the other without remainder. */
export function needMultiple(index: number, field: string, found: number, divisor: number) {
  if (found % divisor !== 0) throw new ShapeError(index, field, found, `a multiple of ${divisor}`)
}

/** Throws `FieldError` unless a field lies between two bounds, both included. */
export function needWithin(index: number, field: string, found: number, min: number, max: number) {
  if (found < min || found > max) throw new FieldError(index, field, found, `${min} to ${max}`)
}

/** Throws `FieldError` where a field is zero. */
export function needPositive(index: number, field: string, found: number) {
  if (found < 1) throw new FieldError(index, field, found, 'at least 1')
}

/** Throws `ShapeError` unless an operator produces the shape that it reads. */
export function needSameShape(index: number, produced: Shape, read: Shape) {
  needEqual(index, 'rows', produced.rows, read.rows)
  needEqual(index, 'rowBytes', produced.rowBytes, read.rowBytes)
}
