import type { Piece } from '../../../program/Operator.ts'
import { quantise } from '../../../quantise/Quantisation.ts'
import { axisOf, integerOf, refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { paddingOf, permutationOf } from '../shapes.ts'
import { floats, sizeOf, stridesOf } from '../Tensor.ts'
import { naturalOrder, type Value } from './Builder.ts'
import type { Lowering } from './Lowering.ts'
import { cut, rowMajor } from './layout.ts'
import { requantise } from './lowerLookup.ts'

/** Pieces of one move at most. */
const maxPieces = 64

/** Flatten, Reshape, Squeeze, Unsqueeze, Identity, Dropout: no byte moves. */
export function lowerReshape(node: OnnxNode, lowering: Lowering): void {
  const value = lowering.read(node.inputs[0]!)
  keep(node, lowering, { ...value, dims: lowering.dimsOf(node.outputs[0]!) })
}

/** Transpose: what reads the value finds its bytes in another order. */
export function lowerTranspose(node: OnnxNode, lowering: Lowering): void {
  const read = lowering.read(node.inputs[0]!)
  const parts = cut(read.layout, read.dims)
  const { order, split } = naturalOrder(read.dims)
  const value = parts === undefined ? lowering.builder.arrange(read, order, split) : read
  const factors = parts ?? cut(value.layout, value.dims)!
  const layout = permutationOf(node, read.dims.length).flatMap((axis) => factors[axis]!)
  keep(node, lowering, { ...value, layout, dims: lowering.dimsOf(node.outputs[0]!) })
}

/** Places a value whose bytes mean what they did, unless the model asks for another meaning. */
function keep(node: OnnxNode, lowering: Lowering, value: Value) {
  const [output = ''] = node.outputs
  const target = lowering.targetOf(node, output, value.quantisation)
  lowering.place(output, requantise(lowering, value, target))
}

/** Concat: inputs get the quantisation of the output first. */
export function lowerConcat(node: OnnxNode, lowering: Lowering): void {
  if (node.inputs.length > maxPieces)
    refuse(node, 'number of its inputs', node.inputs.length, `up to ${maxPieces}`)
  const constant = node.inputs.find((name) => lowering.constantOf(name) !== undefined)
  if (constant !== undefined) refuse(node, `its input ${constant}`, 'constant', 'computed')
  const [output = ''] = node.outputs
  const dims = lowering.dimsOf(output)
  const axis = axisOf(node, integerOf(node, 'axis', 1), dims.length)
  const quantisation = lowering.targetOf(node, output)
  const { order, split } = naturalOrder(dims)
  let joined = 0
  const pieces = node.inputs.map((name): Piece => {
    const read = lowering.builder.arrange(lowering.read(name), order, split)
    const value = requantise(lowering, read, quantisation)
    const low = joined
    joined += value.dims[axis]!
    const strides = stridesOf(value.dims)
    const axes = value.dims.map((dim, a) => {
      const start = a === axis ? low : 0
      return { low: start, high: start + dim, stride: strides[a]! }
    })
    return { source: value.tensor, base: 0, axes }
  })
  placeMove(lowering, output, { dims, pieces, fill: 0, quantisation })
}

/** Pad with a constant. */
export function lowerPad(node: OnnxNode, lowering: Lowering): void {
  const read = lowering.read(node.inputs[0]!)
  const { order, split } = naturalOrder(read.dims)
  const constants = node.inputs.map((name) => lowering.constantOf(name))
  const { before, value: pad } = paddingOf(node, [floats(read.dims), ...constants.slice(1)])
  const [output = ''] = node.outputs
  const source = lowering.builder.arrange(read, order, split)
  const target = lowering.targetOf(node, output)
  const value = requantise(lowering, source, target)
  const strides = stridesOf(value.dims)
  const axes = value.dims.map((dim, a) => ({
    low: before[a]!,
    high: before[a]! + dim,
    stride: strides[a]!,
  }))
  const pieces = [{ source: value.tensor, base: 0, axes }]
  placeMove(lowering, output, {
    dims: lowering.dimsOf(output),
    pieces,
    fill: quantise(target, pad),
    quantisation: target,
  })
}

type Move = Pick<Value, 'dims' | 'quantisation'> & { pieces: readonly Piece[]; fill: number }

function placeMove(lowering: Lowering, name: string, { dims, pieces, fill, quantisation }: Move) {
  const split = Math.max(dims.length - 1, 0)
  const shape = { rows: sizeOf(dims.slice(0, split)), rowBytes: sizeOf(dims.slice(split)) }
  const tensor = lowering.builder.add({ kind: 'move', ...shape, fill, dims, pieces }, shape)
  lowering.place(name, { tensor, ...shape, dims, layout: rowMajor(dims), quantisation })
}
