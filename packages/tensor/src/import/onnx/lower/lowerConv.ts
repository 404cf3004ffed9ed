import { integerOf } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { sizeOf } from '../Tensor.ts'
import { windowOf } from '../window.ts'
import { imageOrder, type Value } from './Builder.ts'
import { clampOf } from './clamp.ts'
import type { Lowering } from './Lowering.ts'
import { ordered } from './layout.ts'
import { constantInput, optionalInput } from './lowerProducts.ts'
import { weightRowsOf } from './weightRows.ts'

/** Returns an image with its channels last, one line a row. */
export function imageOf(lowering: Lowering, name: string): Value {
  const value = lowering.read(name)
  const isFlat = value.dims.length === 3
  return lowering.builder.arrange(value, imageOrder[isFlat ? 3 : 4], isFlat ? 1 : 2)
}

/** Conv with constant weights [outputs, channels of a group, height, width]; grouped and depthwise too. */
export function lowerConv(node: OnnxNode, lowering: Lowering): void {
  const { builder } = lowering
  const weights = constantInput(node, lowering, 1, 'weights')
  const bias = optionalInput(node, lowering, 2, 'bias')
  const source = imageOf(lowering, node.inputs[0]!)
  const window = windowOf(node, source.dims, weights.dims.slice(2))
  const { kernel, stride, dilation, outputHeight, outputWidth } = window
  const [outputs = 0, depth = 0] = weights.dims
  const area = sizeOf(kernel)
  builder.reserveRows(outputs, area * depth)
  const channels = { count: outputs, axis: 1, isFixed: weights.quantised !== undefined }
  const tail = lowering.takeTail(node, { channels })
  const rows = weightRowsOf(node, {
    ...{ weights, bias, axis: 0, outputs, taps: area * depth, tail, input: source.quantisation },
    // Programs order taps by place, then channel; the model by channel, then place.
    at: (o, tap) => (o * depth + (tap % depth)) * area + Math.floor(tap / depth),
  })
  const tensor = builder.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: integerOf(node, 'group', 1), rows },
      ...{ width: window.width, channels: window.channels },
      ...{ kernelHeight: kernel[0], kernelWidth: kernel[1] },
      ...{ strideHeight: stride[0], strideWidth: stride[1] },
      ...{ dilationHeight: dilation[0], dilationWidth: dilation[1] },
      ...{ padTop: window.padTop, padLeft: window.padLeft, height: outputHeight, outputWidth },
      ...{ inputZero: source.quantisation.zero, ...clampOf(tail, tail.quantisation) },
    },
    { rows: outputHeight, rowBytes: outputWidth * outputs },
  )
  placeImage(lowering, tail.name, {
    tensor,
    channels: outputs,
    quantisation: tail.quantisation,
    window,
  })
}

type Image = Pick<Value, 'tensor' | 'quantisation'> & {
  channels: number
  window: { outputHeight: number; outputWidth: number }
}

/** Places an image with its channels last. */
export function placeImage(lowering: Lowering, name: string, image: Image): void {
  const { tensor, quantisation, channels, window } = image
  const dims = lowering.dimsOf(name)
  const layout = ordered(dims, imageOrder[dims.length === 3 ? 3 : 4])
  const shape = { rows: window.outputHeight, rowBytes: window.outputWidth * channels }
  lowering.place(name, { tensor, ...shape, dims, layout, quantisation })
}
