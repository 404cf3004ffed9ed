import type { Piece } from '../../../program/Operator.ts'
import { stridesOf } from '../../dims.ts'
import type { Graph, Value } from '../Graph.ts'
import { ConcatenationOptions } from '../generated/tflite_generated.ts'
import { nameOfActivation } from '../names.ts'
import { inputOf, type Node, needInputs, needShape, optionsOf, refuse, reject } from '../node.ts'
import { needSameQuantisation, quantised } from '../quantised.ts'
import { shapeOf } from '../shapeOf.ts'
import { integersOf } from '../weights.ts'

/** Pieces of one move at most. */
const maxPieces = 64

/** RESHAPE: the bytes stay in their order. */
export function lowerReshape(node: Node, graph: Graph): Value {
  needInputs(node, 1, 2)
  const [input, output] = [inputOf(node, 0), node.output]
  needSameQuantisation(node, quantised(node, input), quantised(node, output))
  if (node.inputs[1] !== undefined)
    needNewShape(node, integersOf(node, node.inputs[1], 'new shape'))
  if (output.elements !== input.elements) {
    reject(node, `makes [${output.dims}] of [${input.dims}]`)
  }
  return graph.reshape(graph.read(input), shapeOf(output.dims))
}

/** A new shape may leave one dimension open, as −1. */
function needNewShape(node: Node, shape: readonly number[]) {
  const { dims } = node.output
  const fits = shape.every((dim, axis) => dim === -1 || dim === dims[axis])
  if (shape.length !== dims.length || !fits) {
    reject(node, `produces [${dims}], its new shape is [${shape}]`)
  }
}

/** CONCATENATION: tensors of one quantisation, joined along an axis. */
export function lowerConcatenation(node: Node, graph: Graph): Value {
  needInputs(node, 1, maxPieces)
  const options = optionsOf(node, 'ConcatenationOptions', new ConcatenationOptions())
  const { output } = node
  const to = quantised(node, output)
  const activation = nameOfActivation(options.fusedActivationFunction())
  if (activation !== 'NONE') refuse(node, 'fused activation', activation, 'NONE')
  const axis = options.axis() < 0 ? options.axis() + output.dims.length : options.axis()
  if (output.dims[axis] === undefined) return reject(node, `joins along axis ${options.axis()}`)

  let joined = 0
  const pieces = node.inputs.map((_, i): Piece => {
    const input = inputOf(node, i)
    needSameQuantisation(node, quantised(node, input), to)
    const fits = input.dims.every((dim, a) => a === axis || dim === output.dims[a])
    if (input.dims.length !== output.dims.length || !fits) {
      return reject(node, `joins [${input.dims}] into [${output.dims}]`)
    }
    const low = joined
    joined += input.dims[axis]!
    const axes = boxOf(input.dims, (a) => (a === axis ? low : 0))
    return { source: graph.read(input).tensor, base: 0, axes }
  })
  needShape(node, output.dims.with(axis, joined))
  const shape = shapeOf(output.dims)
  return graph.add({ kind: 'move', ...shape, fill: 0, dims: output.dims, pieces }, shape)
}

/** PAD: the output's zero point around the input. */
export function lowerPad(node: Node, graph: Graph): Value {
  needInputs(node, 2)
  const [input, output] = [inputOf(node, 0), node.output]
  const to = quantised(node, output)
  needSameQuantisation(node, quantised(node, input), to)
  const paddings = integersOf(node, inputOf(node, 1), 'paddings')
  if (paddings.length !== 2 * input.dims.length) {
    return reject(node, `has ${paddings.length} paddings for [${input.dims}]`)
  }
  const negative = paddings.find((padding) => padding < 0)
  if (negative !== undefined) refuse(node, 'its paddings', negative, '0 or more')
  needShape(
    node,
    input.dims.map((dim, axis) => paddings[2 * axis]! + dim + paddings[2 * axis + 1]!),
  )

  const shape = shapeOf(output.dims)
  const axes = boxOf(input.dims, (axis) => paddings[2 * axis]!)
  const pieces = [{ source: graph.read(input).tensor, base: 0, axes }]
  return graph.add({ kind: 'move', ...shape, fill: to.zero, dims: output.dims, pieces }, shape)
}

/** The box of a tensor of shape `dims`, placed at `lowOf` of each axis. */
function boxOf(dims: readonly number[], lowOf: (axis: number) => number) {
  const strides = stridesOf(dims)
  return dims.map((dim, axis) => {
    const low = lowOf(axis)
    return { low, high: low + dim, stride: strides[axis]! }
  })
}
