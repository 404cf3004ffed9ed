import { product, showShape, stridesOf } from '../../dims.ts'
import { reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { needRoom } from '../Tensor.ts'

/** Returns the shape of two tensors combined element by element. */
export function broadcastDims(
  node: OnnxNode,
  a: readonly number[],
  b: readonly number[],
): number[] {
  const rank = Math.max(a.length, b.length)
  const [first, second] = [extend(a, rank), extend(b, rank)]
  return first.map((dim, axis) => {
    const other = second[axis]!
    if (dim !== other && dim !== 1 && other !== 1) {
      return reject(node, `combines shapes ${showShape(a)} and ${showShape(b)}`)
    }
    return dim === 1 ? other : dim
  })
}

/** Returns, for each element of `dims`, the element of a tensor of shape `own` that broadcasting puts there. */
export function broadcastIndex(
  node: OnnxNode,
  own: readonly number[],
  dims: readonly number[],
): Int32Array {
  const extended = extend(own, dims.length)
  if (
    extended.length !== dims.length ||
    extended.some((dim, axis) => dim !== 1 && dim !== dims[axis])
  ) {
    return reject(node, `repeats shape ${showShape(own)} to ${showShape(dims)}`)
  }
  const strides = stridesOf(extended).map((stride, axis) => (extended[axis] === 1 ? 0 : stride))
  return gatherIndex(dims, strides)
}

/** Returns, for each place of `dims` in row-major order, the sum of coordinates times strides. */
export function gatherIndex(
  dims: readonly number[],
  strides: readonly number[],
  base = 0,
): Int32Array {
  needRoom(dims)
  let index = Int32Array.of(base)
  for (const [axis, dim] of dims.entries()) {
    const next = new Int32Array(index.length * dim)
    for (let i = 0; i < index.length; i += 1) {
      for (let k = 0; k < dim; k += 1) next[i * dim + k] = index[i]! + k * strides[axis]!
    }
    index = next
  }
  return product(dims) === index.length ? index : Int32Array.of()
}

function extend(dims: readonly number[], rank: number): number[] {
  return [...Array.from({ length: Math.max(rank - dims.length, 0) }, () => 1), ...dims]
}
