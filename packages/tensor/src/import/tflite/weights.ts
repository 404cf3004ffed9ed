import { channelMultiplier } from '../../arithmetic/channelMultiplier.ts'
import { fullyConnectedMultiplier } from '../../arithmetic/fullyConnectedMultiplier.ts'
import {
  type QuantizedMultiplier,
  quantizeMultiplier,
} from '../../arithmetic/quantizeMultiplier.ts'
import { type Node, refuse, reject } from './node.ts'
import type { Quantised } from './quantised.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** Left shifts beyond this are undefined in the reference. */
const maxShift = 30

/** Splits a real factor, which must be within the reach of the reference's arithmetic. */
export function multiplierOf(node: Node, real: number): QuantizedMultiplier {
  if (!Number.isFinite(real)) return refuse(node, 'its multiplier', real, 'a finite number')
  return needShift(node, quantizeMultiplier(real))
}

function needShift(node: Node, multiplier: QuantizedMultiplier) {
  if (multiplier.shift <= maxShift) return multiplier
  return refuse(node, 'its multiplier', `2^${multiplier.shift}`, `below 2^${maxShift}`)
}

/** Returns the bytes of constant int8 weights. */
export function weightsOf(node: Node, tensor: TfliteTensor): Int8Array {
  if (tensor.type !== 'INT8') refuse(node, 'type of its weights', tensor.type, 'INT8')
  const { data } = tensor
  if (data === undefined) return refuse(node, 'its weights', 'computed', 'constant')
  return new Int8Array(data.buffer, data.byteOffset, data.length)
}

/** Returns the int32 elements of a constant tensor. */
export function integersOf(node: Node, tensor: TfliteTensor, role: string): number[] {
  if (tensor.type !== 'INT32') refuse(node, `type of its ${role}`, tensor.type, 'INT32')
  const { data } = tensor
  if (data === undefined) return refuse(node, `its ${role}`, 'computed', 'constant')
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return Array.from({ length: data.length / 4 }, (_, i) => view.getInt32(4 * i, true))
}

/** Returns the bias of each output; zeros where the operator has none. */
export function biasesOf(node: Node, tensor: TfliteTensor | undefined, outputs: number): number[] {
  if (tensor === undefined) return Array.from({ length: outputs }, () => 0)
  if (tensor.elements !== outputs) {
    reject(node, `has ${tensor.elements} biases for ${outputs} outputs`)
  }
  return integersOf(node, tensor, 'bias')
}

export type MultipliersOfParameters = {
  input: Quantised
  output: Quantised
  weights: TfliteTensor
  /** Axis of the weights along which outputs differ. */
  axis: number
  outputs: number
  /** How one scale for all weights is multiplied in: fully connected operators do it in float32. */
  isFullyConnected?: boolean
}

/** Derives the multiplier of each output channel from scales; refuses weights that are not symmetric. */
export function multipliersOf(
  node: Node,
  parameters: MultipliersOfParameters,
): QuantizedMultiplier[] {
  const { input, output, weights, axis, outputs, isFullyConnected = false } = parameters
  const scales = weightScales(node, weights, axis, outputs)
  const derive =
    isFullyConnected && scales.length === 1 ? fullyConnectedMultiplier : channelMultiplier
  const multipliers = scales.map((weightScale) => {
    const parts = { inputScale: input.scale, weightScale, outputScale: output.scale }
    const isReached = Number.isFinite(Math.fround(input.scale * weightScale))
    if (!isReached) refuse(node, 'scale of its weights', weightScale, 'a product in float32')
    return needShift(node, derive(parts))
  })
  return Array.from({ length: outputs }, (_, i) => multipliers[i % multipliers.length]!)
}

function weightScales(node: Node, weights: TfliteTensor, axis: number, outputs: number) {
  const { quantisation } = weights
  if (quantisation === undefined) {
    return refuse(node, 'quantisation of its weights', 'missing', 'symmetric scales')
  }
  const { scales, zeroPoints } = quantisation
  const zeroPoint = zeroPoints.find((point) => point !== 0)
  if (zeroPoint !== undefined) refuse(node, 'zero point of its weights', zeroPoint, 0)
  if (scales.length !== 1 && (scales.length !== outputs || quantisation.axis !== axis)) {
    const found = `${scales.length} scales along axis ${quantisation.axis}`
    return refuse(node, 'quantisation of its weights', found, `1, or ${outputs} along axis ${axis}`)
  }
  const wrong = scales.find((scale) => !(scale >= 0) || !Number.isFinite(scale))
  if (wrong !== undefined) refuse(node, 'scale of its weights', wrong, 'a finite scale')
  return scales
}
