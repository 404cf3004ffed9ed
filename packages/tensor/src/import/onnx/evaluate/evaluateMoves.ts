import { product, showShape, stridesOf } from '../../dims.ts'
import { nameOfType } from '../names.ts'
import { axisOf, inputOf, integerOf, refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { axesOf, paddingOf, permutationOf, reshaped } from '../shapes.ts'
import { type Elements, floats, type Tensor } from '../Tensor.ts'
import { gatherIndex } from './broadcast.ts'
import type { Inputs } from './Evaluate.ts'

/** Flatten, Reshape, Squeeze, Unsqueeze, Identity, Dropout. */
export function evaluateReshape(node: OnnxNode, inputs: Inputs): Tensor {
  const { type, data } = inputOf(node, inputs, 0)
  if (node.operator === 'Dropout' && inputs[2] !== undefined && inputs[2].data[0] !== 0) {
    refuse(node, 'training_mode', 'on', 'off')
  }
  return { type, data, dims: reshaped(node, inputs) }
}

/** Transpose; what was dequantised keeps its integers. */
export function evaluateTranspose(node: OnnxNode, inputs: Inputs): Tensor {
  const { type, dims, data, quantised } = inputOf(node, inputs, 0)
  const order = permutationOf(node, dims.length)
  const strides = stridesOf(dims)
  const moved = order.map((axis) => dims[axis]!)
  const index = gatherIndex(
    moved,
    order.map((axis) => strides[axis]!),
  )
  const rest = quantised && {
    quantised: {
      ...quantised,
      integers: pick(quantised.integers, index),
      axis: order.indexOf(quantised.axis),
    },
  }
  return { type, dims: moved, data: pick(data, index), ...rest }
}

function pick(data: Elements, index: Int32Array): Elements {
  const picked = data.slice()
  for (let i = 0; i < index.length; i += 1) picked[i] = data[index[i]!]!
  return picked
}

/** Concat. */
export function evaluateConcat(node: OnnxNode, inputs: Inputs): Tensor {
  const first = inputOf(node, inputs, 0)
  const axis = axisOf(node, integerOf(node, 'axis', 1), first.dims.length)
  const parts = inputs.map((_, i) => inputOf(node, inputs, i))
  const fits = (part: Tensor) =>
    part.dims.length === first.dims.length &&
    part.dims.every((dim, a) => a === axis || dim === first.dims[a])
  const wrong = parts.find((part) => !fits(part))
  if (wrong) reject(node, `joins ${showShape(wrong.dims)} to ${showShape(first.dims)}`)
  const joined = parts.reduce((total, { dims }) => total + dims[axis]!, 0)
  const dims = first.dims.with(axis, joined)
  const output = first.type === 'FLOAT' ? floats(dims).data : new Float64Array(product(dims))
  const outer = product(dims.slice(0, axis))
  let offset = 0
  for (let o = 0; o < outer; o += 1) {
    for (const part of parts) {
      const run = product(part.dims.slice(axis))
      output.set(part.data.subarray(o * run, (o + 1) * run), offset)
      offset += run
    }
  }
  return { type: first.type, dims, data: output }
}

/** Pad with a constant. */
export function evaluatePad(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { before, padded, value } = paddingOf(node, inputs)
  const output = floats(padded)
  output.data.fill(value)
  const strides = stridesOf(padded)
  const base = before.reduce((sum, pad, axis) => sum + pad * strides[axis]!, 0)
  const index = gatherIndex(input.dims, strides, base)
  for (let i = 0; i < index.length; i += 1) output.data[index[i]!] = input.data[i]!
  return output
}

/** Axes over which a node takes the mean, and whether they stay as ones. */
export function meanOf(node: OnnxNode, inputs: Inputs, rank: number) {
  const every = Array.from({ length: rank }, (_, axis) => axis)
  if (node.operator === 'GlobalAveragePool') return { axes: every.slice(2), keeps: true }
  const axes = axesOf(node, inputs, rank) ?? []
  const isNothing = axes.length === 0 && integerOf(node, 'noop_with_empty_axes', 0) !== 0
  return {
    axes: axes.length === 0 && !isNothing ? every : axes,
    keeps: integerOf(node, 'keepdims', 1) !== 0,
  }
}

/** ReduceMean and GlobalAveragePool. */
export function evaluateMean(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { axes, keeps } = meanOf(node, inputs, input.dims.length)
  const kept = input.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
  const index = gatherIndex(input.dims, strides)
  const sums = new Float64Array(product(kept))
  for (let i = 0; i < index.length; i += 1) sums[index[i]!]! += input.data[i]!
  const count = product(input.dims) / sums.length
  const dims = keeps ? kept : kept.filter((_, axis) => !axes.includes(axis))
  return floats(
    dims,
    Float32Array.from(sums, (sum) => sum / count),
  )
}

/** Shape, the dimensions as a tensor. */
export function evaluateShape(node: OnnxNode, inputs: Inputs): Tensor {
  const { dims } = inputOf(node, inputs, 0)
  const { length } = dims
  const part = dims.slice(integerOf(node, 'start', 0), integerOf(node, 'end', length))
  return { type: 'INT64', dims: [part.length], data: Float64Array.from(part) }
}

/** Gather along the first axis of a list, as exporters take a dimension out of a shape. */
export function evaluateGather(node: OnnxNode, inputs: Inputs): Tensor {
  const [list, places] = [inputOf(node, inputs, 0), inputOf(node, inputs, 1)]
  if (list.dims.length !== 1) refuse(node, 'shape it takes from', showShape(list.dims), 'a list')
  const data = Float64Array.from(places.data, (place) => list.data.at(place) ?? Number.NaN)
  if (data.some(Number.isNaN)) reject(node, 'takes what is not in its list')
  return { type: list.type, dims: places.dims, data }
}

/** Cast of constants between numbers. */
export function evaluateCast(node: OnnxNode, inputs: Inputs): Tensor {
  const { dims, data } = inputOf(node, inputs, 0)
  const to = integerOf(node, 'to', 1)
  if (to === 1) return floats(dims, Float32Array.from(data))
  if (to !== 6 && to !== 7)
    return refuse(node, 'type it casts to', nameOfType(to), 'FLOAT, INT32 or INT64')
  return { type: 'INT64', dims, data: Float64Array.from(data, Math.trunc) }
}
