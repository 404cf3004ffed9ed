import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { foldZero } from '../../../program/weightRow.ts'
import { meanOf } from '../evaluate/evaluateMoves.ts'
import { integerOf, refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { sizeOf } from '../Tensor.ts'
import { windowOf } from '../window.ts'
import { clampOf } from './clamp.ts'
import type { Lowering } from './Lowering.ts'
import { ordered } from './layout.ts'
import { imageOf, placeImage } from './lowerConv.ts'
import { requantise } from './lowerLookup.ts'
import { unitWindow } from './lowerProducts.ts'

/** MaxPool and AveragePool: bytes keep their meaning, and a table changes it where the model asks for another. */
export function lowerPool(node: OnnxNode, lowering: Lowering): void {
  if (node.outputs.filter((name) => name !== '').length > 1) {
    refuse(node, 'number of its outputs', node.outputs.length, 1)
  }
  const source = imageOf(lowering, node.inputs[0]!)
  const window = windowOf(node, source.dims)
  const isAverage = node.operator === 'AveragePool'
  if (isAverage && window.isPadded && integerOf(node, 'count_include_pad', 0) === 1) {
    refuse(node, 'count_include_pad', '1 with padding', '0, or no padding')
  }
  const [output = ''] = node.outputs
  const { kernel, stride, channels } = window
  const shape = { rows: window.outputHeight, rowBytes: window.outputWidth * channels }
  const tensor = lowering.builder.add(
    {
      ...{ kind: 'pool', mode: isAverage ? 'average' : 'maximum', source: source.tensor },
      ...{ width: window.width, channels, kernelHeight: kernel[0], kernelWidth: kernel[1] },
      ...{ strideHeight: stride[0], strideWidth: stride[1] },
      ...{ padTop: window.padTop, padLeft: window.padLeft, clampMin: 0, clampMax: 255 },
      ...{ height: window.outputHeight, outputWidth: window.outputWidth },
    },
    shape,
  )
  const { quantisation } = source
  const pooled = { ...source, ...shape, tensor }
  const next = requantise(lowering, pooled, lowering.targetOf(node, output, quantisation))
  placeImage(lowering, output, { ...next, channels, window })
}

/** ReduceMean and GlobalAveragePool: a convolution whose weights are all one, with the count in its multiplier. */
export function lowerMean(node: OnnxNode, lowering: Lowering): void {
  const { builder } = lowering
  const [output = ''] = node.outputs
  const read = lowering.read(node.inputs[0]!)
  const inputs = node.inputs.map((name) => lowering.constantOf(name))
  const { axes } = meanOf(node, inputs, read.dims.length)
  const kept = read.dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const isImage = read.dims.length === 4 && axes.join() === '2,3'
  const source = isImage
    ? builder.arrange(read, [0, 2, 3, 1], 2)
    : builder.arrange(read, [...kept, ...axes], kept.length)
  const count = sizeOf(axes.map((axis) => read.dims[axis]!))
  const outputs = isImage ? read.dims[1]! : 1
  builder.reserveRows(outputs, count)
  const target = lowering.targetOf(node, output)
  const { scale, zero } = source.quantisation
  const weights = new Int8Array(count).fill(1)
  const multiplier = quantizeMultiplier(scale / count / target.scale)
  const row = { ...multiplier, bias: foldZero(0, weights, zero), weights }
  const window = isImage
    ? {
        ...unitWindow,
        kernelHeight: read.dims[2]!,
        kernelWidth: read.dims[3]!,
        width: read.dims[3]!,
        channels: outputs,
        groups: outputs,
        height: 1,
      }
    : { ...unitWindow, width: 1, channels: count, groups: 1, height: source.rows }
  const shape = { rows: window.height, rowBytes: outputs }
  const rows = Array.from({ length: outputs }, () => row)
  const range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const tensor = builder.add(
    {
      kind: 'conv',
      source: source.tensor,
      ...window,
      outputWidth: 1,
      inputZero: zero,
      ...clampOf(range, target),
      rows,
    },
    shape,
  )
  const dims = lowering.dimsOf(output)
  lowering.place(output, {
    tensor,
    ...shape,
    dims,
    layout: ordered(
      dims,
      dims.map((_, axis) => axis),
    ),
    quantisation: target,
  })
}
