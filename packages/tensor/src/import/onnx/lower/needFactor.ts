import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'

/** Greatest left shift of a requantisation. */
const maxShift = 30

/** Returns a factor that a requantisation can multiply by. */
export function needFactor(node: OnnxNode, factor: number): number {
  if (factor >= 0 && factor < 2 ** maxShift) return factor
  return refuse(node, 'its multiplier', factor, `from 0 to 2^${maxShift}`)
}

/** Returns a number of the model that must be one. */
export function needFinite(node: OnnxNode, subject: string, value: number): number {
  if (Number.isFinite(value)) return value
  return refuse(node, subject, value, 'a finite number')
}
