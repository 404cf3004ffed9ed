import { product } from '../../dims.ts'
import { unitWindow } from '../../unitWindow.ts'
import { imageOrder, naturalOrder } from '../createGraph.ts'
import { meanOf } from '../evaluate/evaluateMoves.ts'
import type { Coding, Value } from '../Graph.ts'
import { rowMajor } from '../layout.ts'
import { integerOf, refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { type Window, windowOf } from '../window.ts'
import { clampOf, unbounded } from './clamp.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { channelsLast, imageOf, windowFields } from './lowerConv.ts'
import { requantise } from './lowerLookup.ts'
import { meanRow } from './meanRow.ts'

/** MaxPool and AveragePool. */
export function lowerPool(node: OnnxNode, lowering: Lowering): Lowered {
  const [name = '', ...others] = node.outputs
  const other = others.find((each) => each !== '')
  if (other !== undefined) refuse(node, `its output ${other}`, 'asked for', 'the first alone')
  const source = imageOf(lowering, node.inputs[0]!)
  const window = windowOf(node, source.dims)
  const image = channelsLast(window, lowering.dimsOf(name))
  const isAverage = node.operator === 'AveragePool'
  // The model's own bytes are not fine enough for their averages, unless it says so.
  const otherwise = isAverage && source.coding.isStored ? undefined : source.coding
  const pool = { source, window, image, target: lowering.targetOf(node, name, otherwise) }
  if (!isAverage) return { name, value: addPool(lowering, 'maximum', pool) }

  const counts = integerOf(node, 'count_include_pad', 0) === 1
  if (!window.isPadded || (counts && !window.isCut)) {
    return { name, value: addMeans(node, lowering, pool) }
  }
  if (counts) refuse(node, 'count_include_pad', '1 with ceil_mode', '0, or no ceil_mode')
  if (source.coding.isStored) {
    lowering.report(node, 'averages beside padding are rounded with ties away from zero')
  }
  return { name, value: addPool(lowering, 'average', pool) }
}

type Pool = {
  source: Value
  window: Window
  image: ReturnType<typeof channelsLast>
  target: Coding
}

function addPool(
  lowering: Lowering,
  mode: 'average' | 'maximum',
  { source, window, image, target }: Pool,
): Value {
  const fields = { ...windowFields(window), clampMin: 0, clampMax: 255 }
  const placed = lowering.graph.add({ kind: 'pool', mode, source: source.tensor, ...fields }, image)
  return requantise(lowering, { ...image, ...placed, coding: source.coding }, target)
}

/** Averages of equally many elements: sums with the count in their multiplier, rounded once. */
function addMeans(
  node: OnnxNode,
  lowering: Lowering,
  { source, window, image, target }: Pool,
): Value {
  const { channels, kernel } = window
  const count = product(kernel)
  lowering.graph.reserveRows(channels, count)
  const row = meanRow(node, lowering, { count, input: source.coding, target })
  const placed = lowering.graph.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: channels, ...windowFields(window) },
      ...{ dilationHeight: 1, dilationWidth: 1, inputZero: source.coding.zero },
      ...clampOf(unbounded, target),
      rows: Array.from({ length: channels }, () => row),
    },
    image,
  )
  return { ...image, ...placed, coding: target }
}

/** ReduceMean and GlobalAveragePool: a convolution whose weights are all one, with the count in its multiplier. */
export function lowerMean(node: OnnxNode, lowering: Lowering): Lowered {
  const { graph } = lowering
  const [name = ''] = node.outputs
  const read = lowering.read(node.inputs[0]!)
  const inputs = node.inputs.map((each) => lowering.constantOf(each))
  const { axes } = meanOf(node, inputs, read.dims.length)
  const count = product(axes.map((axis) => read.dims[axis]!))
  const isImage = read.dims.length === 4 && read.dims[0] === 1 && axes.join() === '2,3'
  const outputs = isImage ? read.dims[1]! : 1
  const source = isImage ? graph.arrange(read, imageOrder[4], 2) : gathered(lowering, read, axes)
  const target = lowering.targetOf(node, name)
  graph.reserveRows(outputs, count)
  const row = meanRow(node, lowering, { count, input: source.coding, target })
  const [height, width] = isImage ? [read.dims[2]!, read.dims[3]!] : [1, 1]
  const window = isImage
    ? { kernelHeight: height, kernelWidth: width, width, channels: outputs, groups: outputs }
    : { width, channels: count, groups: 1 }
  const shape = { rows: isImage ? 1 : source.rows, rowBytes: outputs }
  const placed = graph.add(
    {
      ...{ kind: 'conv', source: source.tensor, ...unitWindow, ...window },
      ...{ height: shape.rows, outputWidth: 1, inputZero: source.coding.zero },
      ...clampOf(unbounded, target),
      rows: Array.from({ length: outputs }, () => row),
    },
    shape,
  )
  const dims = lowering.dimsOf(name)
  return { name, value: { ...placed, dims, layout: rowMajor(dims), coding: target } }
}

/** Brings the elements of each mean together in a row. */
function gathered({ graph }: Lowering, value: Value, axes: readonly number[]): Value {
  const kept = naturalOrder(value.dims).order.filter((axis) => !axes.includes(axis))
  return graph.arrange(value, [...kept, ...axes], kept.length)
}
