import { product, stridesOf } from '../../dims.ts'
import type { Shape } from '../../Layers.ts'
import type { Graph, Value } from '../Graph.ts'
import { inputOf, type Node, needInputs, needShape, reject } from '../node.ts'
import type { Quantised } from '../quantised.ts'
import { quantised } from '../quantised.ts'
import { shapeOf } from '../shapeOf.ts'
import type { TfliteTensor } from '../TfliteModel.ts'

/** One of two tensors that are combined element by element. */
type Operand = {
  value: Value
  quantised: Quantised
}

/**
 * Returns the two inputs of a node, first the one that has the shape of the output. The other repeats along rows and
 * along the bytes of a row until it has that shape, which is how a program pairs them; where the model repeats it otherwise,
 * a move does so.
 */
export function pairOf(node: Node, graph: Graph): [Operand, Operand] {
  needInputs(node, 2)
  const pair = [inputOf(node, 0), inputOf(node, 1)] as const
  const rank = Math.max(pair[0].dims.length, pair[1].dims.length)
  const [first, second] = [extend(pair[0], rank), extend(pair[1], rank)]
  const dims = first.map((dim, axis) => Math.max(dim, second[axis]!))
  if (dims.some((dim, axis) => ![first, second].every((own) => [1, dim].includes(own[axis]!)))) {
    return reject(node, `combines shapes [${pair[0].dims}] and [${pair[1].dims}]`)
  }
  needShape(node, dims)

  const isSwapped = product(pair[0].dims) < product(pair[1].dims)
  const [full, other] = isSwapped ? [pair[1], pair[0]] : pair
  return [
    { value: fill(graph, full, dims), quantised: quantised(node, full) },
    { value: repeat(graph, other, dims), quantised: quantised(node, other) },
  ]
}

function extend({ dims }: TfliteTensor, rank: number): number[] {
  return [...Array.from({ length: rank - dims.length }, () => 1), ...dims]
}

/** Returns a tensor in the whole shape `dims`. */
function fill(graph: Graph, tensor: TfliteTensor, dims: readonly number[]): Value {
  const own = extend(tensor, dims.length)
  const value = graph.read(tensor)
  const shape = shapeOf(dims)
  if (own.every((dim, axis) => dim === dims[axis])) return graph.reshape(value, shape)
  const strides = stridesOf(own)
  const axes = dims.map((dim, axis) => ({
    low: 0,
    high: dim,
    stride: own[axis] === dim ? strides[axis]! : 0,
  }))
  const pieces = [{ source: value.tensor, base: 0, axes }]
  return graph.add({ kind: 'move', ...shape, fill: 0, dims, pieces }, shape)
}

/** Returns a tensor in a shape that fills `dims` by repeating. */
function repeat(graph: Graph, tensor: TfliteTensor, dims: readonly number[]): Value {
  const own = extend(tensor, dims.length)
  const split = dims.length === 4 ? 2 : Math.max(dims.length - 1, 0)
  const repeats =
    isSuffix(own.slice(0, split), dims.slice(0, split)) &&
    isSuffix(own.slice(split), dims.slice(split))
  if (!repeats) return fill(graph, tensor, dims)
  const shape: Shape = { rows: product(own.slice(0, split)), rowBytes: product(own.slice(split)) }
  return graph.reshape(graph.read(tensor), shape)
}

/** Whether repeating the whole is repeating along axes: ones first, then what `dims` has. */
function isSuffix(own: readonly number[], dims: readonly number[]): boolean {
  const moving = own.filter((_, axis) => dims[axis] !== 1)
  const needed = dims.filter((dim) => dim !== 1)
  const start = moving.findIndex((dim) => dim !== 1)
  return start === -1 || moving.slice(start).every((dim, i) => dim === needed[start + i])
}
