import { broadcastIndex } from '../evaluate/broadcast.ts'
import type { Value } from '../Graph.ts'
import { bytesOf, cut, merge } from '../layout.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Lowering } from './Lowering.ts'

/** Returns a value in a shape and order that repeats to that of another; moves it where it does not. */
export function pairedWith(node: OnnxNode, { graph }: Lowering, full: Value, other: Value): Value {
  const wanted = repeatedBytes(node, full, other.dims, bytesOf(other.layout))
  const { rows, rowBytes } = other
  const repeats = full.rows % rows === 0 && full.rowBytes % rowBytes === 0
  const isPaired = wanted.every((byte, i) => {
    const [row, column] = [Math.floor(i / full.rowBytes), i % full.rowBytes]
    return byte === (row % rows) * rowBytes + (column % rowBytes)
  })
  if (repeats && isPaired) return other
  const strides = repeatedStrides(node, full, other)
  const axes = strides.map(({ size, stride }) => ({ low: 0, high: size, stride }))
  const shape = { rows: full.rows, rowBytes: full.rowBytes }
  const pieces = [{ source: other.tensor, base: 0, axes }]
  const dims = strides.map(({ size }) => size)
  const placed = graph.add({ kind: 'move', ...shape, fill: 0, dims, pieces }, shape)
  return { ...full, ...placed, coding: other.coding }
}

/** For each byte of `full`, what broadcasting puts there of `bytes`, which lie in the order of `dims`. */
export function repeatedBytes(
  node: OnnxNode,
  full: Value,
  dims: readonly number[],
  bytes: ArrayLike<number>,
): Int32Array {
  const index = broadcastIndex(node, dims, full.dims)
  const places = bytesOf(full.layout)
  const wanted = new Int32Array(index.length)
  for (let i = 0; i < index.length; i += 1) wanted[places[i]!] = bytes[index[i]!]!
  return wanted
}

/** Sizes and strides with which a move reads `other`, in the order in which the bytes of `full` lie. */
function repeatedStrides(node: OnnxNode, full: Value, other: Value) {
  const missing = Array.from({ length: full.dims.length - other.dims.length }, () => 1)
  const own = [...missing, ...other.dims]
  const [target, parts] = [cut(full.layout, full.dims), cut(other.layout, own)]
  const pairs = target?.flatMap((factors, axis) => {
    const mine = merge(parts?.[axis] ?? [])
    if (factors.length === 0) return []
    if (factors.length > 1 || mine.length > 1) return [undefined]
    const [{ size, stride: order }, [from]] = [factors[0]!, mine]
    return [{ size, order, stride: own[axis] === 1 ? 0 : from!.stride }]
  })
  if (parts === undefined || pairs === undefined || pairs.includes(undefined)) {
    return refuse(node, 'order of its elements', 'split within an axis', 'that of whole axes')
  }
  return pairs.map((pair) => pair!).toSorted((a, b) => b.order - a.order)
}
