import { boundsOf } from '../clip.ts'
import type { Coding, Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { toByte, toReal } from '../toByte.ts'
import { unaryOf } from '../unary.ts'
import type { Lowered, Lowering } from './Lowering.ts'

/** What outputs of functions stand for whose range is known beforehand. */
const fixed: Record<string, Coding> = {
  Sigmoid: { scale: 1 / 256, zero: 0, isStored: false },
  Softmax: { scale: 1 / 256, zero: 0, isStored: false },
  Tanh: { scale: 1 / 128, zero: 128, isStored: false },
}

/** Returns what the output of an operator stands for unless the model says otherwise. */
export function fixedOf({ operator }: OnnxNode): Coding | undefined {
  return Object.hasOwn(fixed, operator) ? fixed[operator] : undefined
}

/** Applies a function to each element by a table. */
function applyTable(
  { graph }: Lowering,
  value: Value,
  target: Coding,
  apply: (x: number) => number,
): Value {
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    toByte(target, apply(toReal(value.coding, byte))),
  )
  const placed = graph.add({ kind: 'lookup', source: value.tensor, table }, value)
  return { ...value, ...placed, coding: target }
}

/** Returns a value whose bytes stand for what `target` says. */
export function requantise(lowering: Lowering, value: Value, target: Coding): Value {
  const { scale, zero } = value.coding
  if (scale === target.scale && zero === target.zero) return { ...value, coding: target }
  return applyTable(lowering, value, target, (x) => x)
}

/** Any function of one number. */
export function lowerUnary(node: OnnxNode, lowering: Lowering): Lowered {
  return lowerFunction(node, lowering, node.inputs[0]!, unaryOf(node)!)
}

/** Clip, where nothing before takes it up. */
export function lowerClip(node: OnnxNode, lowering: Lowering): Lowered {
  const inputs = node.inputs.map((name) => lowering.constantOf(name))
  if (node.inputs.slice(1).some((name, i) => name !== '' && inputs[i + 1] === undefined)) {
    refuse(node, 'its bounds', 'computed', 'constant')
  }
  const { low, high } = boundsOf(node, inputs)
  const clip = (x: number) => Math.min(Math.max(x, low), high)
  return lowerFunction(node, lowering, node.inputs[0]!, clip)
}

/** Applies a function to one input of a node; what is no number, as of a negative root, becomes zero. */
export function lowerFunction(
  node: OnnxNode,
  lowering: Lowering,
  input: string,
  apply: (x: number) => number,
): Lowered {
  const [name = ''] = node.outputs
  const value = { ...lowering.read(input), dims: lowering.dimsOf(name) }
  const target = lowering.targetOf(node, name, fixedOf(node))
  if (value.coding.isStored && !target.isStored) {
    lowering.report(node, 'its output is given 8 bits')
  }
  const total = (x: number) => {
    const y = apply(x)
    return Number.isNaN(y) ? 0 : y
  }
  return { name, value: applyTable(lowering, value, target, total) }
}
