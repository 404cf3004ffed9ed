import { product, showShape } from '../dims.ts'
import type { Inputs } from './evaluate/Evaluate.ts'
import { axisOf, inputOf, integerOf, integersOf, refuse, reject } from './node.ts'
import type { OnnxNode } from './OnnxModel.ts'

/** Returns the shape that a node gives the elements of its first input without moving them. */
export function reshaped(node: OnnxNode, inputs: Inputs): number[] {
  const { dims } = inputOf(node, inputs, 0)
  switch (node.operator) {
    case 'Flatten': {
      const axis = integerOf(node, 'axis', 1)
      const split = axis < 0 ? axis + dims.length : axis
      if (split < 0 || split > dims.length) return reject(node, `has axis ${axis}`)
      return [product(dims.slice(0, split)), product(dims.slice(split))]
    }
    case 'Reshape':
      return newShape(node, dims, inputs)
    case 'Squeeze': {
      const axes = axesOf(node, inputs, dims.length)
      const kept = axes?.find((axis) => dims[axis] !== 1)
      if (kept !== undefined) reject(node, `drops axis ${kept} of ${showShape(dims)}`)
      const gone = (dim: number, axis: number) => (axes?.includes(axis) ?? true) && dim === 1
      return dims.filter((dim, axis) => !gone(dim, axis))
    }
    case 'Unsqueeze': {
      const count = (axesOf(node, inputs, 64) ?? []).length
      const axes = axesOf(node, inputs, dims.length + count) ?? []
      const rest = [...dims]
      return Array.from({ length: dims.length + count }, (_, axis) =>
        axes.includes(axis) ? 1 : (rest.shift() ?? 1),
      )
    }
    default:
      return [...dims]
  }
}

function newShape(node: OnnxNode, dims: readonly number[], inputs: Inputs): number[] {
  const wanted = [...(inputs[1]?.data ?? integersOf(node, 'shape') ?? [])]
  const keepsZero = integerOf(node, 'allowzero', 0) === 1
  const sized = wanted.map((dim, axis) => (dim === 0 && !keepsZero ? (dims[axis] ?? 0) : dim))
  const known = product(sized.filter((dim) => dim !== -1))
  const shape = sized.map((dim) => (dim === -1 ? product(dims) / known : dim))
  const isShape = shape.every((dim) => Number.isInteger(dim) && dim >= 0) && shape.length <= 8
  if (!isShape || product(shape) !== product(dims)) {
    return reject(node, `makes ${showShape(wanted)} of ${showShape(dims)}`)
  }
  return shape
}

/** Returns the axes that a node names in an attribute or its second input; undefined where it names none. */
export function axesOf(node: OnnxNode, inputs: Inputs, rank: number): number[] | undefined {
  const axes = integersOf(node, 'axes') ?? (inputs[1] && [...inputs[1].data])
  return axes?.map((axis) => axisOf(node, axis, rank))
}

/** Returns the order in which a Transpose puts the axes. */
export function permutationOf(node: OnnxNode, rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  const order = integersOf(node, 'perm') ?? axes.toReversed()
  if (order.toSorted((a, b) => a - b).join() !== axes.join()) {
    return reject(node, `has perm ${showShape(order)} for ${rank} dimensions`)
  }
  return order
}

/** What a Pad puts before and after each axis. */
export function paddingOf(node: OnnxNode, inputs: Inputs) {
  const { dims } = inputOf(node, inputs, 0)
  const { length } = dims
  const mode = node.attributes.has('mode')
    ? new TextDecoder().decode(node.attributes.get('mode')!.s)
    : 'constant'
  if (mode !== 'constant') return refuse(node, 'mode', mode, 'constant')
  const pads = integersOf(node, 'pads') ?? [...(inputs[1]?.data ?? [])]
  const axes = inputs[3] && [...inputs[3].data].map((axis) => axisOf(node, axis, length))
  const count = axes?.length ?? length
  if (pads.length !== 2 * count) return reject(node, `has ${pads.length} pads for ${count} axes`)
  const negative = pads.find((pad) => !(pad >= 0))
  if (negative !== undefined) return refuse(node, 'its pads', negative, '0 or more')
  const at = (axis: number, offset: number) => {
    const position = axes === undefined ? axis : axes.indexOf(axis)
    return position < 0 ? 0 : pads[position + offset]!
  }
  const before = dims.map((_, axis) => at(axis, 0))
  const padded = dims.map((dim, axis) => before[axis]! + dim + at(axis, count))
  const value = inputs[2]?.data[0] ?? node.attributes.get('value')?.f ?? 0
  if (!Number.isFinite(value)) refuse(node, 'what it pads with', value, 'a finite number')
  return { before, padded, value }
}
