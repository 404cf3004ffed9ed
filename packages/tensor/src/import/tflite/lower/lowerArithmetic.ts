import type { Graph, Value } from '../Graph.ts'
import { AddOptions, MulOptions } from '../generated/tflite_generated.ts'
import { type Node, optionsOf, refuse } from '../node.ts'
import { clampOf, quantised } from '../quantised.ts'
import { multiplierOf } from '../weights.ts'
import { pairOf } from './broadcast.ts'

/** Bits by which the reference scales both operands of an int8 sum up. */
const leftShift = 20

/** ADD: both operands are brought to twice the greater scale (`CalculateOpDataAdd`). */
export function lowerAdd(node: Node, graph: Graph): Value {
  const options = optionsOf(node, 'AddOptions', new AddOptions())
  const output = quantised(node, node.output)
  const clamp = clampOf(node, options.fusedActivationFunction(), output)
  const [first, second] = pairOf(node, graph)
  const twice = 2 * Math.max(first.quantised.scale, second.quantised.scale)
  const one = fractionOf(node, first.quantised.scale / twice)
  const two = fractionOf(node, second.quantised.scale / twice)
  const sum = fractionOf(node, twice / (2 ** leftShift * output.scale))
  return graph.add(
    {
      ...{ kind: 'add', source: first.value.tensor, other: second.value.tensor, leftShift },
      ...{ zero1: first.quantised.zero, multiplier1: one.multiplier, shift1: one.shift },
      ...{ zero2: second.quantised.zero, multiplier2: two.multiplier, shift2: two.shift },
      ...{ ...sum, outputZero: output.zero, ...clamp },
    },
    first.value,
  )
}

/** The reference takes factors of sums only below one. */
function fractionOf(node: Node, real: number) {
  const multiplier = multiplierOf(node, real)
  if (multiplier.shift > 0) refuse(node, 'ratio of its scales', real, 'below 1')
  return multiplier
}

/** MUL (`CalculateOpDataMul`). */
export function lowerMul(node: Node, graph: Graph): Value {
  const options = optionsOf(node, 'MulOptions', new MulOptions())
  const output = quantised(node, node.output)
  const clamp = clampOf(node, options.fusedActivationFunction(), output)
  const [first, second] = pairOf(node, graph)
  const { multiplier, shift } = multiplierOf(
    node,
    (first.quantised.scale * second.quantised.scale) / output.scale,
  )
  return graph.add(
    {
      ...{ kind: 'mul', source: first.value.tensor, other: second.value.tensor },
      ...{ zero1: first.quantised.zero, zero2: second.quantised.zero, multiplier, shift },
      ...{ outputZero: output.zero, ...clamp },
    },
    first.value,
  )
}
