import { channelMultiplier } from '../../../arithmetic/channelMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import type { Quantisation } from '../../../quantise/Quantisation.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import type { Tail } from './Lowering.ts'

const maxShift = 30

export type WeightRowsParameters = {
  weights: Tensor
  /** Axis of the weights along which outputs differ. */
  axis: number
  outputs: number
  /** Element of the weights for each tap of each output. */
  at: (output: number, tap: number) => number
  taps: number
  bias: Tensor | undefined
  /** Factors of the products and of the bias. */
  factors?: { alpha: number; beta: number }
  tail: Tail
  input: Quantisation
}

/**
 * Makes the weight rows of a layer. Weights that the model has as integers stay what they are; others get int8 values with
 * one scale for each output, from −127 to 127.
 */
export function weightRowsOf(node: OnnxNode, parameters: WeightRowsParameters): WeightRow[] {
  const { outputs, tail, input } = parameters
  return Array.from({ length: outputs }, (_, o) => {
    const bias = biasOf(parameters, o)
    const { weights, scale } = parameters.weights.quantised
      ? storedRow(node, parameters, o)
      : quantisedRow(parameters, o, bias)
    const exact = storedBias(node, parameters, o, input.scale * scale)
    const integer = exact ?? Math.round(bias / (input.scale * scale))
    needRange(node, integer, weights, input.zero)
    const scales = {
      inputScale: input.scale,
      weightScale: scale,
      outputScale: tail.quantisation.scale,
    }
    const multiplier = channelMultiplier(scales)
    if (multiplier.shift > maxShift) {
      refuse(node, 'its multiplier', `2^${multiplier.shift}`, `up to 2^${maxShift}`)
    }
    return { ...multiplier, bias: foldZero(integer, weights, input.zero), weights }
  })
}

function biasOf({ bias, factors, tail }: WeightRowsParameters, o: number) {
  const own = (bias?.data[bias.data.length === 1 ? 0 : o] ?? 0) * (factors?.beta ?? 1)
  return own * tail.scale[o]! + tail.shift[o]!
}

function quantisedRow(parameters: WeightRowsParameters, o: number, bias: number) {
  const { weights, at, taps, factors, tail, input } = parameters
  const factor = (factors?.alpha ?? 1) * tail.scale[o]!
  const reals = Float64Array.from({ length: taps }, (_, tap) => weights.data[at(o, tap)]! * factor)
  const largest = reals.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  // A scale that is too fine for the bias would overflow int32: rows of (nearly) zero weights.
  const least = Math.abs(bias) / (input.scale * 2 ** 30)
  const scale = Math.fround(Math.max(largest / 127, least)) || 1
  const clamp = (weight: number) => Math.min(Math.max(Math.round(weight / scale), -127), 127)
  return { weights: Int8Array.from(reals, clamp), scale }
}

function storedRow(node: OnnxNode, parameters: WeightRowsParameters, o: number) {
  const { weights, at, taps, factors, axis, outputs } = parameters
  const { integers, scales, zeroPoints, axis: stored } = weights.quantised!
  if (scales.length !== 1 && (scales.length !== outputs || stored !== axis)) {
    refuse(
      node,
      'scales of its weights',
      `${scales.length} along axis ${stored}`,
      `1, or ${outputs} along axis ${axis}`,
    )
  }
  if ((factors?.alpha ?? 1) !== 1) refuse(node, 'alpha', factors!.alpha, 1)
  const [scale, zeroPoint] = [scales[o % scales.length]!, zeroPoints[o % zeroPoints.length]!]
  const row = Array.from({ length: taps }, (_, tap) => integers[at(o, tap)]! - zeroPoint)
  const wrong = row.find((weight) => weight < -128 || weight > 127)
  if (wrong !== undefined) refuse(node, 'weight less its zero point', wrong, '-128 to 127')
  return { weights: Int8Array.from(row), scale }
}

/** Returns the bias that the model has as an integer, where its scale is that of the products. */
function storedBias(
  node: OnnxNode,
  { bias, tail }: WeightRowsParameters,
  o: number,
  scale: number,
) {
  if (bias?.quantised === undefined || tail.shift[o] !== 0 || tail.scale[o] !== 1) return undefined
  const { integers, scales, zeroPoints } = bias.quantised
  const ratio = scales[o % scales.length]! / scale
  if (zeroPoints.some((zeroPoint) => zeroPoint !== 0))
    refuse(node, 'zero point of its bias', 'not 0', 0)
  return Math.abs(ratio - 1) < 1e-5 ? integers[o % integers.length]! : undefined
}

/** Refuses sums that could leave int32, whatever the input. */
function needRange(node: OnnxNode, bias: number, weights: Int8Array, zero: number) {
  let [least, most] = [bias, bias]
  for (const weight of weights) {
    const ends = [weight * -zero, weight * (255 - zero)]
    least += Math.min(...ends)
    most += Math.max(...ends)
  }
  if (least < -(2 ** 31) || most >= 2 ** 31) {
    refuse(node, 'its sum', `from ${least} to ${most}`, 'within 32 bits')
  }
}
