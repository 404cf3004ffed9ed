import { multiplyByQuantizedMultiplier as requantise } from '../../arithmetic/multiplyByQuantizedMultiplier.ts'
import type { AddOperator, MulOperator } from '../../program/Operator.ts'
import type { Element } from './Element.ts'
import { toOutput } from './toOutput.ts'

/** Shape of the tensor that repeats, and its bytes. */
export type Other = { rows: number; rowBytes: number; bytes: Uint8Array }

/** ADD and MUL: one byte of the source with the byte of the other tensor that repeats to it. */
export function pairedElement(
  operator: AddOperator | MulOperator,
  source: Uint8Array,
  other: Other,
): Element {
  const { rowBytes } = operator
  return (position) => {
    const row = Math.floor(position / rowBytes) % other.rows
    const column = (position % rowBytes) % other.rowBytes
    const [x1, x2] = [source[position]!, other.bytes[row * other.rowBytes + column]!]
    return operator.kind === 'add' ? add(operator, x1, x2) : multiply(operator, x1, x2)
  }
}

function add(operator: AddOperator, x1: number, x2: number): number {
  const { leftShift, zero1, zero2, multiplier, shift } = operator
  const a = requantise((x1 - zero1) << leftShift, operator.multiplier1, operator.shift1)
  const b = requantise((x2 - zero2) << leftShift, operator.multiplier2, operator.shift2)
  return toOutput(operator, requantise((a + b) | 0, multiplier, shift))
}

function multiply(operator: MulOperator, x1: number, x2: number): number {
  const { zero1, zero2, multiplier, shift } = operator
  return toOutput(operator, requantise((x1 - zero1) * (x2 - zero2), multiplier, shift))
}
