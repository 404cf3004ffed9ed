import { product } from '../../dims.ts'
import { boundsOf } from '../clip.ts'
import { axisOf, floatOf, inputOf, integerOf, refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats, type Tensor } from '../Tensor.ts'
import { unaryOf } from '../unary.ts'
import { broadcastDims, broadcastIndex } from './broadcast.ts'
import type { Evaluate, Inputs } from './Evaluate.ts'

/** Any function of one number. */
export function evaluateUnary(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const apply = unaryOf(node)!
  return floats(input.dims, Float32Array.from(input.data, apply))
}

/** Clip. */
export function evaluateClip(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { low, high } = boundsOf(node, inputs)
  return floats(
    input.dims,
    Float32Array.from(input.data, (x) => Math.min(Math.max(x, low), high)),
  )
}

/** Functions of two numbers, by operator. */
export const binaryFunctions: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Div: (a, b) => a / b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Sub: (a, b) => a - b,
}

/** Any function of two numbers, with broadcasting; the type is that of the first. */
export const evaluateBinary: Evaluate = (node, inputs) => {
  const [a, b] = [inputOf(node, inputs, 0), inputOf(node, inputs, 1)]
  const dims = broadcastDims(node, a.dims, b.dims)
  const [first, second] = [broadcastIndex(node, a.dims, dims), broadcastIndex(node, b.dims, dims)]
  const apply = binaryFunctions[node.operator]!
  const isInteger = a.type === 'INT64' || a.type === 'INT32'
  const data = isInteger ? new Float64Array(first.length) : new Float32Array(first.length)
  for (let i = 0; i < data.length; i += 1) {
    const value = apply(a.data[first[i]!]!, b.data[second[i]!]!)
    data[i] = isInteger ? Math.trunc(value) : value
  }
  return { type: a.type, dims, data }
}

/** BatchNormalization with stored statistics. */
export function evaluateBatchNormalization(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { scale, shift } = normalisationOf(node, inputs)
  const [, channels = 1] = input.dims
  if (scale.length !== channels)
    reject(node, `has ${scale.length} factors for ${channels} channels`)
  const inner = product(input.dims.slice(2))
  return floats(
    input.dims,
    Float32Array.from(input.data, (x, i) => {
      const channel = Math.floor(i / inner) % channels
      return x * scale[channel]! + shift[channel]!
    }),
  )
}

/** What a BatchNormalization does to each channel: `x · scale + shift`. */
export function normalisationOf(node: OnnxNode, inputs: Inputs) {
  for (const [name, needed] of Object.entries({ training_mode: 0, spatial: 1 })) {
    const found = integerOf(node, name, needed)
    if (found !== needed) refuse(node, name, found, needed)
  }
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => inputOf(node, inputs, i).data)
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + epsilon))
  const shift = Float64Array.from(scale, (s, c) => beta![c]! - mean![c]! * s)
  return { scale, shift }
}

/** Where a Softmax cuts its input into lists: before version 13 the axis begins a matrix. */
export function softmaxShape(node: OnnxNode, dims: readonly number[]) {
  const isMatrix = node.version < 13
  const axis = axisOf(node, integerOf(node, 'axis', isMatrix ? 1 : -1), dims.length)
  return isMatrix
    ? { dims: [product(dims.slice(0, axis)), product(dims.slice(axis))], axis: 1 }
    : { dims, axis }
}

/** Softmax. */
export function evaluateSoftmax(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { dims, axis } = softmaxShape(node, input.dims)
  const [depth, inner] = [dims[axis]!, product(dims.slice(axis + 1))]
  const output = floats(input.dims)
  for (let i = 0; i < output.data.length / depth; i += 1) {
    const base = Math.floor(i / inner) * depth * inner + (i % inner)
    const list = Array.from({ length: depth }, (_, k) => input.data[base + k * inner]!)
    const greatest = list.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const exponentials = list.map((x) => Math.exp(x - greatest))
    const sum = exponentials.reduce((a, b) => a + b, 0)
    for (const [k, each] of exponentials.entries()) output.data[base + k * inner] = each / sum
  }
  return output
}
