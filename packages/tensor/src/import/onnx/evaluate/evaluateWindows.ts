import { product } from '../../dims.ts'
import { inputOf, integerOf, refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats, type Tensor } from '../Tensor.ts'
import { type Window, windowOf } from '../window.ts'
import type { Inputs, Spend } from './Evaluate.ts'

/** Shape of what a window makes, with the rank of its input. */
function produced(window: Window, channels: number, rank: number): number[] {
  const { outputHeight, outputWidth } = window
  return rank === 3 ? [1, channels, outputWidth] : [1, channels, outputHeight, outputWidth]
}

/** Conv, grouped too: weights are [outputs, channels of a group, height, width]. */
export function evaluateConv(node: OnnxNode, inputs: Inputs, spend: Spend): Tensor {
  const [input, weights] = [inputOf(node, inputs, 0), inputOf(node, inputs, 1)]
  const [outputs = 0, depth = 0] = weights.dims
  const groups = integerOf(node, 'group', 1)
  const window = windowOf(node, input.dims, weights.dims.slice(2))
  const { channels, kernel } = window
  if (groups < 1 || depth * groups !== channels || outputs % groups !== 0) {
    return reject(node, `has weights [${weights.dims}] in ${groups} groups for [${input.dims}]`)
  }
  const size = window.outputHeight * window.outputWidth
  spend(outputs * size * depth * kernel[0] * kernel[1])
  const output = floats(produced(window, outputs, input.dims.length))
  for (let o = 0; o < outputs; o += 1) {
    const first = Math.floor(o / (outputs / groups)) * depth
    const sums = new Float64Array(size).fill(inputs[2]?.data[o] ?? 0)
    for (let c = 0; c < depth; c += 1) {
      const plane = (o * depth + c) * kernel[0] * kernel[1]
      addPlane(sums, window, input.data, first + c, weights.data, plane)
    }
    output.data.set(sums, o * size)
  }
  return output
}

/** Adds what one channel contributes to one output. */
function addPlane(
  sums: Float64Array,
  window: Window,
  input: Tensor['data'],
  channel: number,
  weights: Tensor['data'],
  plane: number,
) {
  const { height, width, kernel, stride, dilation, padTop, padLeft } = window
  const base = channel * height * width
  for (let tap = 0; tap < kernel[0] * kernel[1]; tap += 1) {
    const weight = weights[plane + tap]!
    const [down, across] = [
      Math.floor(tap / kernel[1]) * dilation[0],
      (tap % kernel[1]) * dilation[1],
    ]
    for (let y = 0; y < window.outputHeight; y += 1) {
      const line = y * stride[0] + down - padTop
      if (line < 0 || line >= height) continue
      for (let x = 0; x < window.outputWidth; x += 1) {
        const place = x * stride[1] + across - padLeft
        if (place < 0 || place >= width) continue
        sums[y * window.outputWidth + x]! += weight * input[base + line * width + place]!
      }
    }
  }
}

/** MaxPool and AveragePool; taps outside the image count only where the average says so. */
export function evaluatePool(node: OnnxNode, inputs: Inputs, spend: Spend): Tensor {
  const input = inputOf(node, inputs, 0)
  const window = windowOf(node, input.dims)
  const isMaximum = node.operator === 'MaxPool'
  if (window.dilation.some((dilation) => dilation !== 1)) {
    return refuse(node, 'its dilations', window.dilation.join(), '1')
  }
  const counts = integerOf(node, 'count_include_pad', 0) === 1
  const output = floats(produced(window, window.channels, input.dims.length))
  spend(output.data.length * product(window.kernel))
  const size = window.outputHeight * window.outputWidth
  for (let i = 0; i < output.data.length; i += 1) {
    const taps = tapsOf(
      window,
      Math.floor(i / size),
      Math.floor((i % size) / window.outputWidth),
      i % window.outputWidth,
    )
    const values = taps.map((tap) => input.data[tap]!)
    const count = counts ? product(window.kernel) : values.length
    output.data[i] = isMaximum
      ? values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      : values.reduce((a, b) => a + b, 0) / count
  }
  return output
}

function tapsOf(window: Window, channel: number, y: number, x: number): number[] {
  const { height, width, kernel, stride, padTop, padLeft } = window
  const taps: number[] = []
  for (let ky = 0; ky < kernel[0]; ky += 1) {
    const line = y * stride[0] + ky - padTop
    if (line < 0 || line >= height) continue
    for (let kx = 0; kx < kernel[1]; kx += 1) {
      const place = x * stride[1] + kx - padLeft
      if (place >= 0 && place < width) taps.push((channel * height + line) * width + place)
    }
  }
  return taps
}
