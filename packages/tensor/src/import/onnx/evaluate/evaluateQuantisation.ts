import { product } from '../../dims.ts'
import { axisOf, inputOf, integerOf, refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats, type Tensor } from '../Tensor.ts'
import type { Inputs } from './Evaluate.ts'

/** Scales and zero points of a QuantizeLinear or DequantizeLinear. */
export function codeOf(node: OnnxNode, inputs: Inputs) {
  const { dims } = inputOf(node, inputs, 0)
  const block = integerOf(node, 'block_size', 0)
  if (block !== 0) refuse(node, 'block_size', block, 0)
  const scale = inputOf(node, inputs, 1)
  const scales = [...scale.data]
  const zeroPoints = inputs[2] === undefined ? scales.map(() => 0) : [...inputs[2].data]
  const axis = scales.length === 1 ? 0 : axisOf(node, integerOf(node, 'axis', 1), dims.length)
  const fits = scales.length === 1 || scales.length === dims[axis]
  const isScale = (each: number) => each > 0 && Number.isFinite(each)
  if (!fits || zeroPoints.length !== scales.length || !scales.every(isScale)) {
    return reject(
      node,
      `has ${scales.length} scales and ${zeroPoints.length} zero points for [${dims.join(', ')}]`,
    )
  }
  const inner = scales.length === 1 ? product(dims) : product(dims.slice(axis + 1))
  return { scales, zeroPoints, axis, placeOf: (i: number) => Math.floor(i / inner) % scales.length }
}

/** QuantizeLinear: to nearest, ties to even, saturating. */
export function evaluateQuantize(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { scales, zeroPoints, placeOf } = codeOf(node, inputs)
  const type = inputs[2]?.type ?? 'UINT8'
  if (type !== 'INT8' && type !== 'UINT8') {
    return refuse(node, 'its type', type, 'INT8 or UINT8')
  }
  const [least, most] = type === 'INT8' ? [-128, 127] : [0, 255]
  const data =
    type === 'INT8' ? new Int8Array(input.data.length) : new Uint8Array(input.data.length)
  for (let i = 0; i < data.length; i += 1) {
    const place = placeOf(i)
    const scaled = roundEven(Math.fround(input.data[i]! / scales[place]!)) + zeroPoints[place]!
    data[i] = Math.min(Math.max(scaled, least), most)
  }
  return { type, dims: input.dims, data }
}

/** DequantizeLinear; the integers stay beside the floats. */
export function evaluateDequantize(node: OnnxNode, inputs: Inputs): Tensor {
  const input = inputOf(node, inputs, 0)
  const { scales, zeroPoints, axis, placeOf } = codeOf(node, inputs)
  const data = Float32Array.from(input.data, (integer, i) => {
    const place = placeOf(i)
    return (integer - zeroPoints[place]!) * scales[place]!
  })
  return {
    ...floats(input.dims, data),
    quantised: { integers: input.data, scales, zeroPoints, axis },
  }
}

function roundEven(value: number) {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
