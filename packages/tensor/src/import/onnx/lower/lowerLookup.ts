import { dequantise, type Quantisation, quantise } from '../../../quantise/Quantisation.ts'
import { boundsOf } from '../clip.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { unaryOf } from '../unary.ts'
import type { Value } from './Builder.ts'
import type { Lowering } from './Lowering.ts'

/** Quantisations of functions whose range is known beforehand. */
const fixed: Record<string, Quantisation> = {
  Sigmoid: { scale: 1 / 256, zero: 0 },
  Softmax: { scale: 1 / 256, zero: 0 },
  Tanh: { scale: 1 / 128, zero: 128 },
}

/** Returns the quantisation that the output of an operator has unless the model says otherwise. */
export function fixedOf({ operator }: OnnxNode): Quantisation | undefined {
  return Object.hasOwn(fixed, operator) ? fixed[operator] : undefined
}

/** Applies a function to each element by a table. */
export function applyTable(
  lowering: Lowering,
  value: Value,
  target: Quantisation,
  apply: (x: number) => number,
): Value {
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    quantise(target, apply(dequantise(value.quantisation, byte))),
  )
  const tensor = lowering.builder.add({ kind: 'lookup', source: value.tensor, table }, value)
  return { ...value, tensor, quantisation: target }
}

/** Returns a value whose bytes stand for what `target` says. */
export function requantise(lowering: Lowering, value: Value, target: Quantisation): Value {
  const { scale, zero } = value.quantisation
  if (scale === target.scale && zero === target.zero) return value
  return applyTable(lowering, value, target, (x) => x)
}

/** Any function of one number. */
export function lowerUnary(node: OnnxNode, lowering: Lowering): void {
  lowerFunction(node, lowering, node.inputs[0]!, unaryOf(node)!)
}

/** Clip, where nothing before takes it up. */
export function lowerClip(node: OnnxNode, lowering: Lowering): void {
  const inputs = node.inputs.map((name) => lowering.constantOf(name))
  if (node.inputs.slice(1).some((name, i) => name !== '' && inputs[i + 1] === undefined)) {
    refuse(node, 'its bounds', 'computed', 'constant')
  }
  const { low, high } = boundsOf(node, inputs)
  lowerFunction(node, lowering, node.inputs[0]!, (x) => Math.min(Math.max(x, low), high))
}

/** Applies a function to the input of a node and places its output. */
export function lowerFunction(
  node: OnnxNode,
  lowering: Lowering,
  input: string,
  apply: (x: number) => number,
): void {
  const [output = ''] = node.outputs
  const value = lowering.read(input)
  const target = lowering.targetOf(node, output, fixedOf(node))
  const tables = (x: number) => (Number.isNaN(apply(x)) ? 0 : apply(x))
  lowering.place(
    output,
    applyTable(lowering, { ...value, dims: lowering.dimsOf(output) }, target, tables),
  )
}
