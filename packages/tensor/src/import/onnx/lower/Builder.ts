import type { Layer } from '../../../program/Layer.ts'
import { defaultLimits } from '../../../program/parseProgram.ts'
import { weightRowLength } from '../../../program/weightRow.ts'
import type { Quantisation } from '../../../quantise/Quantisation.ts'
import { UnsupportedModelError } from '../../errors.ts'
import { needWithin } from '../limits.ts'
import { sizeOf } from '../Tensor.ts'
import { cut, isPlain, type Layout, lengthOf, merge, ordered, rowMajor } from './layout.ts'

/** Greatest rank of a move. */
const maxRank = 8

/** A tensor of the program that holds a value of the model. */
export type Value = {
  /** Its number, and its rows. */
  tensor: number
  rows: number
  rowBytes: number
  /** Dimensions that the model gives the value. */
  dims: readonly number[]
  layout: Layout
  quantisation: Quantisation
}

export type Shape = { rows: number; rowBytes: number }

/** The program under construction. */
export type Builder = {
  readonly layers: readonly Layer[]
  /** Appends a layer that produces a tensor of this shape; returns its number. */
  add(layer: Layer, shape: Shape): number
  /** Throws `ModelLimitError` if there is no room for so many more weight rows; to be asked before making them. */
  reserveRows(rows: number, inputs: number): void
  /**
   * Returns a value with its bytes in the order of axes given, the first `split` of them counting rows; moves them only where
   * they lie otherwise.
   */
  arrange(value: Value, order: readonly number[], split: number): Value
}

/** Starts a program that reads an input of this shape. */
export function createBuilder(input: Shape): Builder {
  const layers: Layer[] = []
  const used = { trace: input.rows * input.rowBytes, weights: 0 }

  function add(layer: Layer, { rows, rowBytes }: Shape) {
    used.trace += rows * rowBytes
    needWithin('bytes of activations', used.trace, defaultLimits.traceBytes)
    layers.push(layer)
    needWithin('layers', layers.length, defaultLimits.operators)
    return layers.length
  }

  /** Lays bytes out as `layout` counts them. */
  function move(value: Value, layout: Layout, shape: Shape) {
    const merged = merge(layout)
    if (merged.length > maxRank) {
      throw new UnsupportedModelError(
        'order of elements',
        `${merged.length} axes`,
        `${maxRank} axes`,
      )
    }
    const dims = merged.map(({ size }) => size)
    const axes = merged.map(({ size, stride }) => ({ low: 0, high: size, stride }))
    const pieces = [{ source: value.tensor, base: 0, axes }]
    return add({ kind: 'move', ...shape, fill: 0, dims, pieces }, shape)
  }

  function plain(value: Value): Value {
    const shape = { rows: 1, rowBytes: lengthOf(value.layout) }
    const tensor = move(value, value.layout, shape)
    return { ...value, ...shape, tensor, layout: rowMajor(value.dims) }
  }

  return {
    layers,
    add,
    reserveRows(rows, inputs) {
      used.weights += rows * weightRowLength(inputs)
      needWithin('bytes of weights', used.weights, defaultLimits.weightBytes)
    },
    arrange(value, order, split) {
      const parts = cut(value.layout, value.dims)
      if (parts === undefined) return this.arrange(plain(value), order, split)
      const layout = order.flatMap((axis) => parts[axis]!)
      const sizes = order.map((axis) => value.dims[axis]!)
      const shape = { rows: sizeOf(sizes.slice(0, split)), rowBytes: sizeOf(sizes.slice(split)) }
      const next = { ...value, ...shape, layout: ordered(value.dims, order) }
      if (isPlain(layout) && value.rows === shape.rows) return { ...next, tensor: value.tensor }
      return { ...next, tensor: move(value, layout, shape) }
    },
  }
}

/** Axes of an image with its channels last, and how many of them count its lines. */
export const imageOrder = { 3: [0, 2, 1], 4: [0, 2, 3, 1] } as const

/** Axes in the order of the model; all but the last count rows. */
export function naturalOrder(dims: readonly number[]) {
  return { order: dims.map((_, axis) => axis), split: Math.max(dims.length - 1, 0) }
}
