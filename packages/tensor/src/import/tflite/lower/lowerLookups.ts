import { multiplyByQuantizedMultiplier } from '../../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import type { Graph, Value } from '../Graph.ts'
import { inputOf, type Node, needInputs, needShape, refuse } from '../node.ts'
import {
  byteOf,
  needSameQuantisation,
  type Quantised,
  quantised,
  quantisedAs,
} from '../quantised.ts'
import { multiplierOf } from '../weights.ts'
import { logisticByte, tanhByte } from './sigmoidBytes.ts'

/** What an element type holds, and where its values lie among a program's bytes. */
const elementTypes: Record<string, { least: number; most: number; offset: number }> = {
  INT8: { least: -128, most: 127, offset: 128 },
  UINT8: { least: 0, most: 255, offset: 0 },
}

/** RELU: requantised, then cut off at the output's zero point (`CalculateReluOpData`). */
export function lowerRelu(node: Node, graph: Graph): Value {
  const [input, output] = ends(node)
  const { multiplier, shift } = multiplierOf(node, input.scale / output.scale)
  return lookup(node, graph, (byte) => {
    const scaled = multiplyByQuantizedMultiplier(byte - input.zero, multiplier, shift)
    return clamp(scaled + output.zero, output.zero, 255)
  })
}

/** RELU6: the reference clamps without requantising. */
export function lowerRelu6(node: Node, graph: Graph): Value {
  const [input, output] = ends(node)
  needSameQuantisation(node, input, output)
  const six = byteOf(6, input)
  return lookup(node, graph, (byte) => clamp(byte, input.zero, six))
}

/** LOGISTIC (`reference_integer_ops::Logistic`). */
export function lowerLogistic(node: Node, graph: Graph): Value {
  const [input, output] = ends(node)
  needOutput(node, output, { scale: 1 / 256, zeroPoint: -128 })
  const parameters = sigmoidParameters(node, input)
  return lookup(node, graph, (byte) => logisticByte(byte - input.zero, parameters))
}

/** TANH (`reference_integer_ops::Tanh`). */
export function lowerTanh(node: Node, graph: Graph): Value {
  const [input, output] = ends(node)
  needOutput(node, output, { scale: 1 / 128, zeroPoint: 0 })
  const parameters = sigmoidParameters(node, input)
  return lookup(node, graph, (byte) => tanhByte(byte - input.zero, parameters))
}

/** QUANTIZE between 8-bit types (`reference_ops::Requantize`); nothing is added where no byte changes. */
export function lowerQuantize(node: Node, graph: Graph): Value {
  needInputs(node, 1)
  const [input, output] = [inputOf(node, 0), node.output]
  const [from, to] = [elementTypes[input.type], elementTypes[output.type]]
  if (from === undefined || to === undefined) {
    const found = `${input.type} to ${output.type}`
    return refuse(node, 'its types', found, 'INT8 or UINT8, or FLOAT32 at the edge of the model')
  }
  const source = quantisedAs(node, input, from)
  const target = quantisedAs(node, output, to)
  const { multiplier, shift } = multiplierOf(node, source.scale / target.scale)
  const requantise = (byte: number) => {
    const value = byte - from.offset - source.zeroPoint
    const scaled = multiplyByQuantizedMultiplier(value, multiplier, shift) + target.zeroPoint
    return clamp(scaled, to.least, to.most) + to.offset
  }
  const table = tableOf(requantise)
  if (table.every((to, byte) => to === byte)) return graph.read(input)
  return lookup(node, graph, requantise)
}

function ends(node: Node): [Quantised, Quantised] {
  needInputs(node, 1)
  return [quantised(node, inputOf(node, 0)), quantised(node, node.output)]
}

function needOutput(node: Node, found: Quantised, needed: { scale: number; zeroPoint: number }) {
  if (found.scale === needed.scale && found.zeroPoint === needed.zeroPoint) return
  refuse(
    node,
    'quantisation of its output',
    `scale ${found.scale} and zero point ${found.zeroPoint}`,
    `scale ${needed.scale} and zero point ${needed.zeroPoint}`,
  )
}

/** Integer bits of the reference's inputs to both functions. */
const integerBits = 4

/** How an int8 difference becomes a number with four integer bits, and from where on the functions are flat. */
function sigmoidParameters(node: Node, input: Quantised) {
  // However large: where a shift would overflow, every difference is beyond the radius.
  const { multiplier, shift } = quantizeMultiplier(input.scale * 2 ** (31 - integerBits))
  if (shift < 0) refuse(node, 'scale of its input', input.scale, 'at least 2^-28')
  const radius = Math.floor((2 ** integerBits - 1) * 2 ** (31 - integerBits - shift))
  return { multiplier, shift, radius }
}

function lookup(node: Node, graph: Graph, byteFor: (byte: number) => number): Value {
  needShape(node, inputOf(node, 0).dims)
  const source = graph.read(inputOf(node, 0))
  return graph.add({ kind: 'lookup', source: source.tensor, table: tableOf(byteFor) }, source)
}

function tableOf(byteFor: (byte: number) => number) {
  return Uint8Array.from({ length: 256 }, (_, byte) => byteFor(byte))
}

function clamp(value: number, least: number, most: number) {
  return Math.min(Math.max(value, least), most)
}
