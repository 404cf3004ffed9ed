import { multiplyByQuantizedMultiplier } from '../../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'

/*
 * The reference kernels on int8 tensors in NHWC, loop by loop as TFLite states them and knowing nothing of programs: taps
 * outside an image are skipped, and zero points are subtracted where they occur.
 */

/** An int8 tensor of a test. */
export type Int8Tensor = {
  shape: readonly number[]
  data: readonly number[]
  scale: number
  zeroPoint: number
}

/** A tensor to fill. */
export type Output = Omit<Int8Tensor, 'data'> & { clamp?: readonly [number, number] }

export type Window = {
  kernel: readonly [number, number]
  stride: readonly [number, number]
  dilation: readonly [number, number]
  /** Above and to the left. */
  pad: readonly [number, number]
}

function finish(value: number, { zeroPoint, clamp = [-128, 127] }: Output): number {
  return Math.min(Math.max(value + zeroPoint, clamp[0]), clamp[1])
}

function requantise(value: number, real: number): number {
  const { multiplier, shift } = quantizeMultiplier(real)
  return multiplyByQuantizedMultiplier(value, multiplier, shift)
}

/** Visits the taps of a window that are inside the image. */
function visit(
  [, height, width]: readonly number[],
  { kernel, stride, dilation, pad }: Window,
  [y, x]: readonly [number, number],
  tap: (place: number, ky: number, kx: number) => void,
) {
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const line = y * stride[0] + ky * dilation[0] - pad[0]
      const column = x * stride[1] + kx * dilation[1] - pad[1]
      if (line < 0 || line >= height! || column < 0 || column >= width!) continue
      tap(line * width! + column, ky, kx)
    }
  }
}

export type ConvParameters = {
  input: Int8Tensor
  window: Window
  weights: { shape: readonly number[]; data: readonly number[]; scales: readonly number[] }
  bias: readonly number[]
  output: Output
}

/** `ConvPerChannel`: weights are [outputs, height, width, depth]. */
export function conv({ input, window, weights, bias, output }: ConvParameters): number[] {
  const [, height = 0, width = 0, outputs = 0] = output.shape
  const channels = input.shape[3]!
  const depth = weights.shape[3]!
  const perGroup = outputs / (channels / depth)
  return Array.from({ length: height * width * outputs }, (_, i) => {
    const o = i % outputs
    const place = [Math.floor(i / outputs / width), Math.floor(i / outputs) % width] as const
    let acc = bias[o] ?? 0
    visit(input.shape, window, place, (at, ky, kx) => {
      for (let c = 0; c < depth; c++) {
        const weight =
          weights.data[((o * window.kernel[0] + ky) * window.kernel[1] + kx) * depth + c]!
        const value = input.data[at * channels + Math.floor(o / perGroup) * depth + c]!
        acc += weight * (value - input.zeroPoint)
      }
    })
    return finish(requantise(acc, channelReal(input, weights.scales, o, output)), output)
  })
}

/** `DepthwiseConvPerChannel`: weights are [1, height, width, outputs]. */
export function depthwise({ input, window, weights, bias, output }: ConvParameters): number[] {
  const [, height = 0, width = 0, outputs = 0] = output.shape
  const channels = input.shape[3]!
  return Array.from({ length: height * width * outputs }, (_, i) => {
    const o = i % outputs
    const place = [Math.floor(i / outputs / width), Math.floor(i / outputs) % width] as const
    let acc = bias[o] ?? 0
    visit(input.shape, window, place, (at, ky, kx) => {
      const weight = weights.data[(ky * window.kernel[1] + kx) * outputs + o]!
      const value = input.data[at * channels + Math.floor(o / (outputs / channels))]!
      acc += weight * (value - input.zeroPoint)
    })
    return finish(requantise(acc, channelReal(input, weights.scales, o, output)), output)
  })
}

function channelReal(input: Int8Tensor, scales: readonly number[], o: number, output: Output) {
  return (input.scale * scales[o % scales.length]!) / output.scale
}

/** `FullyConnected`: one scale for all weights is multiplied in float32. */
export function fullyConnected(parameters: Omit<ConvParameters, 'window'>): number[] {
  const { input, weights, bias, output } = parameters
  const [outputs = 0, inputs = 0] = weights.shape
  return Array.from({ length: (input.data.length / inputs) * outputs }, (_, i) => {
    const [list, o] = [Math.floor(i / outputs), i % outputs]
    let acc = bias[o] ?? 0
    for (let k = 0; k < inputs; k++) {
      acc += weights.data[o * inputs + k]! * (input.data[list * inputs + k]! - input.zeroPoint)
    }
    const real =
      weights.scales.length === 1
        ? Math.fround(input.scale * weights.scales[0]!) / output.scale
        : channelReal(input, weights.scales, o, output)
    return finish(requantise(acc, real), output)
  })
}

/** `AveragePool` and `MaxPool`. */
export function pool(
  mode: 'average' | 'maximum',
  input: Int8Tensor,
  window: Window,
  output: Output,
): number[] {
  const [, height = 0, width = 0, channels = 0] = output.shape
  return Array.from({ length: height * width * channels }, (_, i) => {
    const place = [Math.floor(i / channels / width), Math.floor(i / channels) % width] as const
    const values: number[] = []
    visit(input.shape, window, place, (at) =>
      values.push(input.data[at * channels + (i % channels)]!),
    )
    const sum = values.reduce((total, value) => total + value, 0)
    const half = Math.floor(values.length / 2)
    const average = Math.trunc((sum > 0 ? sum + half : sum - half) / values.length) + 0
    const [least, most] = output.clamp ?? [-128, 127]
    return Math.min(Math.max(mode === 'average' ? average : Math.max(...values), least), most)
  })
}

/** Reads a tensor that is repeated to a larger shape. */
function broadcast(tensor: Int8Tensor, shape: readonly number[], i: number): number {
  let [rest, offset, stride] = [i, 0, 1]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const own = tensor.shape[axis - shape.length + tensor.shape.length] ?? 1
    const coordinate = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
    if (own > 1) offset += coordinate * stride
    stride *= own
  }
  return tensor.data[offset]! - tensor.zeroPoint
}

function elements(shape: readonly number[]) {
  return shape.reduce((product, dim) => product * dim, 1)
}

/** `Add`, `BroadcastAdd4DSlow`. */
export function add(a: Int8Tensor, b: Int8Tensor, output: Output): number[] {
  const twice = 2 * Math.max(a.scale, b.scale)
  return Array.from({ length: elements(output.shape) }, (_, i) => {
    const [x, y] = [broadcast(a, output.shape, i), broadcast(b, output.shape, i)]
    const sum = requantise(x * 2 ** 20, a.scale / twice) + requantise(y * 2 ** 20, b.scale / twice)
    return finish(requantise(sum, twice / (2 ** 20 * output.scale)), output)
  })
}

/** `Mul`, `BroadcastMul4DSlow`. */
export function mul(a: Int8Tensor, b: Int8Tensor, output: Output): number[] {
  return Array.from({ length: elements(output.shape) }, (_, i) => {
    const product = broadcast(a, output.shape, i) * broadcast(b, output.shape, i)
    return finish(requantise(product, (a.scale * b.scale) / output.scale), output)
  })
}

/** `QuantizedMeanOrSum` over some axes. */
export function mean(input: Int8Tensor, axes: readonly number[], output: Output): number[] {
  const kept = input.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const sums = Array.from({ length: elements(kept) }, () => 0)
  for (const [i, value] of input.data.entries()) {
    let [rest, offset, stride] = [i, 0, 1]
    for (let axis = input.shape.length - 1; axis >= 0; axis--) {
      offset += kept[axis] === 1 ? 0 : (rest % input.shape[axis]!) * stride
      rest = Math.floor(rest / input.shape[axis]!)
      stride *= kept[axis]!
    }
    sums[offset]! += value
  }
  const count = input.data.length / sums.length
  const { multiplier, shift } = quantizeMultiplier(input.scale / output.scale)
  const bits = Math.min(Math.floor(Math.log2(count)), 32, 31 + shift)
  const divided = Number((BigInt(multiplier) * 2n ** BigInt(bits)) / BigInt(count))
  return sums.map((sum) => {
    const value = sum - input.zeroPoint * count
    return finish(multiplyByQuantizedMultiplier(value, divided, shift - bits), output)
  })
}
