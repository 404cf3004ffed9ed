import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'

/** Sums that inputs can lead to. */
export type Sums = { least: number; most: number }

/** Returns the sums that inputs can lead to; refuses those that could leave int32. */
export function sumsOf(node: OnnxNode, bias: number, weights: Int8Array, zero: number): Sums {
  let [least, most] = [bias, bias]
  for (const weight of weights) {
    const [low, high] = [weight * -zero, weight * (255 - zero)]
    least += Math.min(low, high)
    most += Math.max(low, high)
  }
  if (least < -(2 ** 31) || most >= 2 ** 31) {
    refuse(node, 'its sum', `from ${least} to ${most}`, 'within 32 bits')
  }
  return { least, most }
}

/** A left shift must not overflow. */
export function needShift(node: OnnxNode, { least, most }: Sums, shift: number) {
  const largest = Math.max(-least, most) * 2 ** Math.max(shift, 0)
  if (largest >= 2 ** 31) refuse(node, 'its sum', `${largest} when scaled`, 'within 32 bits')
}
