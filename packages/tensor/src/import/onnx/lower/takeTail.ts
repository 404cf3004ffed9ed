import { product } from '../../dims.ts'
import { boundsOf, type Range } from '../clip.ts'
import { normalisationOf } from '../evaluate/evaluateElements.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Channels, Lowering, Tail } from './Lowering.ts'

export type Affine = { scale: (channel: number) => number; shift: (channel: number) => number }

export type TakeTailParameters = {
  node: OnnxNode
  channels: Channels | undefined
  lowering: Pick<Lowering, 'constantOf' | 'dimsOf'>
  /** Returns the one node that reads a value, if nothing else does. */
  onlyReader: (name: string) => OnnxNode | undefined
  /** Says that a node is computed with the one before. */
  take: (node: OnnxNode) => void
}

/** Follows the nodes behind a node while its layer can compute them too: factors and summands of channels, then bounds. */
export function takeTail(parameters: TakeTailParameters): Omit<Tail, 'coding'> {
  const { node, channels, onlyReader, take } = parameters
  const count = channels?.count ?? 1
  const scale = new Float64Array(count).fill(1)
  const shift = new Float64Array(count)
  const range: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  let isBounded = false
  let name = node.outputs[0]!
  for (let next = onlyReader(name); next !== undefined; next = onlyReader(name)) {
    const bounds = constantBounds(next, parameters)
    const affine = channels && !isBounded ? affineOf(next, channels, parameters) : undefined
    if (bounds !== undefined) {
      isBounded = true
      range.low = Math.min(Math.max(range.low, bounds.low), bounds.high)
      range.high = Math.max(Math.min(range.high, bounds.high), bounds.low)
    } else if (affine !== undefined) {
      for (let c = 0; c < count; c += 1) {
        scale[c] = scale[c]! * affine.scale(c)
        shift[c] = shift[c]! * affine.scale(c) + affine.shift(c)
      }
    } else break
    take(next)
    name = next.outputs[0]!
  }
  return { name, scale, shift, ...range }
}

function constantBounds(node: OnnxNode, { lowering }: TakeTailParameters): Range | undefined {
  if (node.operator !== 'Relu' && node.operator !== 'Clip') return undefined
  const inputs = node.inputs.map(lowering.constantOf)
  const isConstant = node.inputs.slice(1).every((name, i) => name === '' || inputs[i + 1])
  return isConstant ? boundsOf(node, inputs) : undefined
}

/** What a node does to each channel, if that is all it does. */
function affineOf(
  node: OnnxNode,
  { count, axis, isFixed }: Channels,
  { lowering: { constantOf, dimsOf } }: TakeTailParameters,
): Affine | undefined {
  if (isFixed) return undefined
  if (node.operator === 'BatchNormalization' && axis === 1) {
    const { scale, shift } = normalisationOf(node, node.inputs.map(constantOf))
    return { scale: (c) => scale[c]!, shift: (c) => shift[c]! }
  }
  if (node.operator !== 'Add' && node.operator !== 'Mul') return undefined
  const constant = constantOf(node.inputs[1] ?? '')
  const dims = dimsOf(node.outputs[0]!)
  if (constant === undefined || product(dims) !== product(dimsOf(node.inputs[0]!))) return undefined
  const along = constant.dims.at(axis - dims.length) ?? 1
  const isPerChannel = constant.data.length === count && along === count
  if (constant.data.length !== 1 && !isPerChannel) return undefined
  const at = (c: number) => constant.data[c % constant.data.length]!
  return node.operator === 'Add' ? { scale: () => 1, shift: at } : { scale: at, shift: () => 0 }
}
