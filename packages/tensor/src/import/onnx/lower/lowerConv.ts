import { product } from '../../dims.ts'
import type { Shape } from '../../Layers.ts'
import { imageOrder } from '../createGraph.ts'
import type { Value } from '../Graph.ts'
import { ordered } from '../layout.ts'
import { integerOf } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { type Window, windowOf } from '../window.ts'
import { clampOf } from './clamp.ts'
import { constantInput, optionalInput } from './constantInput.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { weightRowsOf } from './weightRows.ts'

/** Returns an image with its channels last, one line a row. */
export function imageOf({ graph, read }: Lowering, name: string): Value {
  const value = read(name)
  const isFlat = value.dims.length === 3
  return graph.arrange(value, imageOrder[isFlat ? 3 : 4], isFlat ? 1 : 2)
}

/** Shape and layout of an image of these dimensions with its channels last. */
export function channelsLast(window: Window, dims: readonly number[]) {
  const { outputHeight: rows, outputWidth } = window
  const rowBytes = outputWidth * dims[1]!
  return { rows, rowBytes, dims, layout: ordered(dims, imageOrder[dims.length === 3 ? 3 : 4]) }
}

/** Fields of a layer whose window moves over an image. */
export function windowFields(window: Window) {
  const { kernel, stride, width, channels, padTop, padLeft, outputHeight, outputWidth } = window
  return {
    ...{ width, channels, padTop, padLeft, height: outputHeight, outputWidth },
    ...{ kernelHeight: kernel[0], kernelWidth: kernel[1] },
    ...{ strideHeight: stride[0], strideWidth: stride[1] },
  }
}

/** Conv with constant weights [outputs, channels of a group, height, width]; grouped and depthwise too. */
export function lowerConv(node: OnnxNode, lowering: Lowering): Lowered {
  const { graph } = lowering
  const weights = constantInput(node, lowering, 1, 'weights')
  const bias = optionalInput(node, lowering, 2, 'bias')
  const source = imageOf(lowering, node.inputs[0]!)
  const window = windowOf(node, source.dims, weights.dims.slice(2))
  const [outputs = 0, depth = 0] = weights.dims
  const area = product(window.kernel)
  graph.reserveRows(outputs, area * depth)
  const isFixed = weights.quantised !== undefined
  const tail = lowering.takeTail(node, { count: outputs, axis: 1, isFixed })
  const rows = weightRowsOf(node, lowering, {
    ...{ weights, bias, axis: 0, outputs, taps: area * depth, tail, input: source.coding },
    // Programs order taps by place, then channel; the model by channel, then place.
    at: (o, tap) => (o * depth + (tap % depth)) * area + Math.floor(tap / depth),
  })
  const image = channelsLast(window, lowering.dimsOf(tail.name))
  const shape: Shape = image
  const placed = graph.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: integerOf(node, 'group', 1), rows },
      ...windowFields(window),
      ...{ dilationHeight: window.dilation[0], dilationWidth: window.dilation[1] },
      ...{ inputZero: source.coding.zero, ...clampOf(tail, tail.coding) },
    },
    shape,
  )
  return { name: tail.name, value: { ...image, ...placed, coding: tail.coding } }
}
