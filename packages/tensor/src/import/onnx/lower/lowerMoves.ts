import type { Piece } from '../../../program/Operator.ts'
import { product, stridesOf } from '../../dims.ts'
import { naturalOrder } from '../createGraph.ts'
import type { Coding, Value } from '../Graph.ts'
import { cut, rowMajor } from '../layout.ts'
import { axisOf, integerOf, refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { paddingOf, permutationOf } from '../shapes.ts'
import { floats } from '../Tensor.ts'
import { toByte, toReal } from '../toByte.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { requantise } from './lowerLookup.ts'

/** Pieces of one move at most. */
const maxPieces = 64

/** Flatten, Reshape, Squeeze, Unsqueeze, Identity, Dropout: no byte moves. */
export function lowerReshape(node: OnnxNode, lowering: Lowering): Lowered {
  const value = lowering.read(node.inputs[0]!)
  return keep(node, lowering, { ...value, dims: lowering.dimsOf(node.outputs[0]!) })
}

/** Transpose: what reads the value finds its bytes in another order. */
export function lowerTranspose(node: OnnxNode, lowering: Lowering): Lowered {
  const read = lowering.read(node.inputs[0]!)
  const parts = cut(read.layout, read.dims)
  const value = parts === undefined ? inOrder(lowering, read) : read
  const factors = parts ?? cut(value.layout, value.dims)!
  const layout = permutationOf(node, read.dims.length).flatMap((axis) => factors[axis]!)
  return keep(node, lowering, { ...value, layout, dims: lowering.dimsOf(node.outputs[0]!) })
}

/** Returns a value whose bytes mean what they did, unless the model asks for another meaning. */
function keep(node: OnnxNode, lowering: Lowering, value: Value): Lowered {
  const [name = ''] = node.outputs
  const target = lowering.targetOf(node, name, value.coding)
  return { name, value: requantise(lowering, value, target) }
}

function inOrder({ graph }: Lowering, value: Value): Value {
  const { order, split } = naturalOrder(value.dims)
  return graph.arrange(value, order, split)
}

/** Concat: inputs get the quantisation of the output first. */
export function lowerConcat(node: OnnxNode, lowering: Lowering): Lowered {
  const { length } = node.inputs
  if (length > maxPieces) refuse(node, 'number of its inputs', length, `up to ${maxPieces}`)
  const constant = node.inputs.find((name) => lowering.constantOf(name) !== undefined)
  if (constant !== undefined) refuse(node, `its input ${constant}`, 'constant', 'computed')
  const [name = ''] = node.outputs
  const dims = lowering.dimsOf(name)
  const axis = axisOf(node, integerOf(node, 'axis', 1), dims.length)
  const coding = lowering.targetOf(node, name)
  let joined = 0
  const pieces = node.inputs.map((input): Piece => {
    const value = requantise(lowering, inOrder(lowering, lowering.read(input)), coding)
    const low = joined
    joined += value.dims[axis]!
    return { source: value.tensor, base: 0, axes: boxOf(value.dims, (a) => (a === axis ? low : 0)) }
  })
  return { name, value: moved(lowering, { dims, pieces, fill: 0, coding }) }
}

/** Pad with a constant. */
export function lowerPad(node: OnnxNode, lowering: Lowering): Lowered {
  const read = lowering.read(node.inputs[0]!)
  const constants = node.inputs.map((input) => lowering.constantOf(input))
  const { before, value: pad } = paddingOf(node, [floats(read.dims), ...constants.slice(1)])
  const [name = ''] = node.outputs
  const { scale, zero } = read.coding
  // Zeros and what lies in the input's range need no other quantisation.
  const fits = pad >= scale * (0 - zero) && pad <= scale * (255 - zero)
  const coding = lowering.targetOf(node, name, fits ? read.coding : undefined)
  const fill = toByte(coding, pad)
  if (coding.isStored && toReal(coding, fill) !== pad) {
    lowering.report(node, `what it pads with, ${pad}, is given 8 bits`)
  }
  const value = requantise(lowering, inOrder(lowering, read), coding)
  const pieces = [{ source: value.tensor, base: 0, axes: boxOf(value.dims, (a) => before[a]!) }]
  const dims = lowering.dimsOf(name)
  return { name, value: moved(lowering, { dims, pieces, fill, coding }) }
}

/** The box of a tensor of shape `dims`, placed at `lowOf` of each axis. */
function boxOf(dims: readonly number[], lowOf: (axis: number) => number): Piece['axes'] {
  const strides = stridesOf(dims)
  return dims.map((dim, axis) => {
    const low = lowOf(axis)
    return { low, high: low + dim, stride: strides[axis]! }
  })
}

type Move = { dims: readonly number[]; pieces: readonly Piece[]; fill: number; coding: Coding }

function moved({ graph }: Lowering, { dims, pieces, fill, coding }: Move): Value {
  const { split } = naturalOrder(dims)
  const shape = { rows: product(dims.slice(0, split)), rowBytes: product(dims.slice(split)) }
  const placed = graph.add({ kind: 'move', ...shape, fill, dims, pieces }, shape)
  return { ...placed, dims, layout: rowMajor(dims), coding }
}
