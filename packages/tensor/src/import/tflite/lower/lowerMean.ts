import type { QuantizedMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import { product, stridesOf } from '../../dims.ts'
import { unitWindow } from '../../unitWindow.ts'
import type { Graph, Value } from '../Graph.ts'
import { inputOf, type Node, needInputs, reject } from '../node.ts'
import { quantised } from '../quantised.ts'
import { integersOf, multiplierOf } from '../weights.ts'

/**
 * MEAN over any axes. The reference (`QuantizedMeanOrSum`) requantises the sum of all elements less their zero points, with
 * the number of elements divided into the multiplier: a convolution whose weights are all one does exactly that.
 */
export function lowerMean(node: Node, graph: Graph): Value {
  needInputs(node, 2)
  const [input, output] = [inputOf(node, 0), node.output]
  const [from, to] = [quantised(node, input), quantised(node, output)]
  const axes = axesOf(node)
  const { dims } = input
  const count = product(axes.map((axis) => dims[axis]!))
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  needReduced(node, kept, axes)

  const multiplier = divide(multiplierOf(node, from.scale / to.scale), count)
  const clamp = { clampMin: 0, clampMax: 255 }
  const zeros = { inputZero: from.zero, outputZero: to.zero }
  const weights = () => new Int8Array(count).fill(1)
  const [, height = 0, width = 0, channels = 0] = dims
  if (isWholeImage(dims, axes)) {
    graph.reserveRows(channels, count)
    const row = rowOf(weights(), from.zero, multiplier)
    const rows = Array.from({ length: channels }, () => row)
    const window = { ...unitWindow, kernelHeight: height, kernelWidth: width, width, channels }
    const source = graph.read(input).tensor
    return graph.add(
      {
        kind: 'conv',
        ...zeros,
        ...clamp,
        ...window,
        source,
        groups: channels,
        height: 1,
        outputWidth: 1,
        rows,
      },
      { rows: 1, rowBytes: channels },
    )
  }
  graph.reserveRows(1, count)
  const lists = gather(graph, graph.read(input), dims, axes)
  const window = { ...unitWindow, width: 1, channels: count, height: lists.rows, outputWidth: 1 }
  const rows = [rowOf(weights(), from.zero, multiplier)]
  return graph.add(
    { kind: 'conv', ...zeros, ...clamp, ...window, source: lists.tensor, groups: 1, rows },
    { rows: lists.rows, rowBytes: 1 },
  )
}

function axesOf(node: Node): number[] {
  const { dims } = inputOf(node, 0)
  const axes = integersOf(node, inputOf(node, 1), 'axes').map((axis) => {
    const positive = axis < 0 ? axis + dims.length : axis
    if (positive < 0 || positive >= dims.length) return reject(node, `reduces axis ${axis}`)
    return positive
  })
  return [...new Set(axes)].sort((a, b) => a - b)
}

/** The reduced axes are left as ones, or left out. */
function needReduced(node: Node, kept: readonly number[], axes: readonly number[]) {
  const dropped = kept.filter((_, axis) => !axes.includes(axis))
  const found = node.output.dims
  if ([kept, dropped].some((dims) => dims.join() === found.join())) return
  reject(node, `produces [${found}], its input gives [${kept}]`)
}

/** Divides a multiplier by a count as the reference does: the quotient keeps all of its bits, and is cut off. */
function divide({ multiplier, shift }: QuantizedMultiplier, count: number): QuantizedMultiplier {
  const bits = Math.min(31 - Math.clz32(count), 31 + shift)
  const quotient = (BigInt(multiplier) << BigInt(bits)) / BigInt(count)
  return { multiplier: Number(BigInt.asIntN(32, quotient)), shift: shift - bits }
}

function rowOf(weights: Int8Array, zero: number, multiplier: QuantizedMultiplier): WeightRow {
  return { ...multiplier, bias: foldZero(0, weights, zero), weights }
}

/** Lines and places of one image, within the fields of a window. */
function isWholeImage(dims: readonly number[], axes: readonly number[]) {
  const isImage = dims.length === 4 && dims[0] === 1
  const reduced = axes.filter((axis) => axis !== 0)
  return isImage && reduced.join() === '1,2' && Math.max(dims[1]!, dims[2]!) <= 0xffff
}

/** Brings the elements of each mean together in a row. */
function gather(graph: Graph, value: Value, dims: readonly number[], axes: readonly number[]) {
  const kept = dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const order = [...kept, ...axes]
  const shape = {
    rows: product(kept.map((axis) => dims[axis]!)),
    rowBytes: product(axes.map((axis) => dims[axis]!)),
  }
  const moving = order.filter((axis) => dims[axis] !== 1)
  const isSorted = moving.every((axis, i) => i === 0 || axis > moving[i - 1]!)
  if (isSorted) return graph.reshape(value, shape)

  const strides = stridesOf(dims)
  const box = order.map((axis) => ({ low: 0, high: dims[axis]!, stride: strides[axis]! }))
  const pieces = [{ source: value.tensor, base: 0, axes: box }]
  const ordered = order.map((axis) => dims[axis]!)
  return graph.add({ kind: 'move', ...shape, fill: 0, dims: ordered, pieces }, shape)
}
