import { createLayers } from '../createLayers.ts'
import { product } from '../dims.ts'
import { UnsupportedModelError } from '../errors.ts'
import type { Placed, Shape } from '../Layers.ts'
import type { Graph, Value } from './Graph.ts'
import { cut, isPlain, type Layout, lengthOf, merge, ordered, rowMajor } from './layout.ts'

/** Greatest rank of a move. */
const maxRank = 8

/** Starts a program that reads an input of this shape. */
export function createGraph(input: Shape): Graph {
  const { reshape: _, ...layers } = createLayers(input)

  /** Lays bytes out as `layout` counts them. */
  function move(value: Value, layout: Layout, shape: Shape): Placed {
    const merged = merge(layout)
    if (merged.length > maxRank) {
      const found = `${merged.length} axes`
      throw new UnsupportedModelError('order of elements', found, `${maxRank} axes`)
    }
    const dims = merged.map(({ size }) => size)
    const axes = merged.map(({ size, stride }) => ({ low: 0, high: size, stride }))
    const pieces = [{ source: value.tensor, base: 0, axes }]
    return layers.add({ kind: 'move', ...shape, fill: 0, dims, pieces }, shape)
  }

  function plain(value: Value): Value {
    const shape = { rows: 1, rowBytes: lengthOf(value.layout) }
    return { ...value, ...move(value, value.layout, shape), layout: rowMajor(value.dims) }
  }

  function arrange(value: Value, order: readonly number[], split: number): Value {
    const parts = cut(value.layout, value.dims)
    if (parts === undefined) return arrange(plain(value), order, split)
    const layout = order.flatMap((axis) => parts[axis]!)
    const sizes = order.map((axis) => value.dims[axis]!)
    const shape = { rows: product(sizes.slice(0, split)), rowBytes: product(sizes.slice(split)) }
    const next = { ...value, layout: ordered(value.dims, order) }
    if (isPlain(layout) && value.rows === shape.rows) return { ...next, ...shape }
    return { ...next, ...move(value, layout, shape) }
  }

  return { ...layers, arrange }
}

/** Axes of an image with its channels last, and how many of them count its lines. */
export const imageOrder = { 3: [0, 2, 1], 4: [0, 2, 3, 1] } as const

/** Axes in the order of the model; all but the last count rows. */
export function naturalOrder(dims: readonly number[]) {
  return { order: dims.map((_, axis) => axis), split: Math.max(dims.length - 1, 0) }
}
