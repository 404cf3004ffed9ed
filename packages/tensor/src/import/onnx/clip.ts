import type { Inputs } from './evaluate/Evaluate.ts'
import { floatOf, refuse } from './node.ts'
import type { OnnxNode } from './OnnxModel.ts'

/** Range that a node leaves of its input. */
export type Range = { low: number; high: number }

/** Returns the bounds of a Clip, from attributes (before version 11) or inputs, or of a Relu. */
export function boundsOf(node: OnnxNode, inputs: Inputs): Range {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (node.operator === 'Relu') return { low: 0, high }
  const range =
    node.version < 11
      ? { low: floatOf(node, 'min', low), high: floatOf(node, 'max', high) }
      : { low: inputs[1]?.data[0] ?? low, high: inputs[2]?.data[0] ?? high }
  if (range.low <= range.high) return range
  return refuse(node, 'its bounds', `${range.low} to ${range.high}`, 'ascending numbers')
}
