import { channelMultiplier } from '../../../arithmetic/channelMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import type { Coding } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { requantisationOf } from '../requantisation.ts'
import type { Tensor } from '../Tensor.ts'
import { clampOf } from './clamp.ts'
import type { Lowering, Tail } from './Lowering.ts'

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
  input: Coding
}

/**
 * Makes the weight rows of a layer. Weights that the model has as integers stay what they are; others get int8 values with
 * one scale for each output, from −127 to 127.
 */
export function weightRowsOf(
  node: OnnxNode,
  lowering: Lowering,
  parameters: WeightRowsParameters,
): WeightRow[] {
  const { outputs, input, tail } = parameters
  const isExact =
    parameters.weights.quantised !== undefined && input.isStored && tail.coding.isStored
  if (tail.coding.isStored && parameters.weights.quantised === undefined) {
    lowering.report(node, 'its weights are given 8 bits')
  }
  let [channels, differing, possible] = [0, 0, 0]
  const rows = Array.from({ length: outputs }, (_, o) => {
    const { weights, scale } = parameters.weights.quantised
      ? storedRow(node, parameters, o)
      : quantisedRow(parameters, o)
    const stored = storedBias(node, parameters, o, input.scale * scale)
    if (isExact && stored === undefined) {
      refuse(node, 'its bias', 'not in units of input times weights', 'int32 in those units')
    }
    const bias = stored ?? Math.round(biasOf(parameters, o) / (input.scale * scale))
    const range = rangeOf(node, bias, weights, input.zero)
    const multiplier = isExact
      ? statedMultiplier(parameters, scale, range)
      : { ...realMultiplier(parameters, scale), differing: 0 }
    if (multiplier.differing > 0) channels += 1
    differing += multiplier.differing
    possible += range.most - range.least + 1
    if (multiplier.shift > maxShift) {
      refuse(node, 'its multiplier', `2^${multiplier.shift}`, `up to 2^${maxShift}`)
    }
    needShift(node, range, multiplier.shift)
    const { multiplier: factor, shift } = multiplier
    return { multiplier: factor, shift, bias: foldZero(bias, weights, input.zero), weights }
  })
  if (channels > 0) {
    const where = `in ${channels} of ${outputs} channels`
    lowering.report(node, `${differing} of ${possible} sums round to a neighbour, ${where}`)
  }
  return rows
}

function realMultiplier({ input, tail }: WeightRowsParameters, weightScale: number) {
  const outputScale = tail.coding.scale
  return channelMultiplier({ inputScale: input.scale, weightScale, outputScale })
}

/** Requantises as onnxruntime does, whose factor is taken in float32. */
function statedMultiplier(
  { input, tail }: WeightRowsParameters,
  weightScale: number,
  range: { least: number; most: number },
) {
  const { scale: outputScale, zero } = tail.coding
  const scale = Math.fround(Math.fround(input.scale * weightScale) / outputScale)
  const { clampMin, clampMax } = clampOf(tail, tail.coding)
  return requantisationOf({ scale, ...range, low: clampMin - zero, high: clampMax - zero })
}

function biasOf({ bias, factors, tail }: WeightRowsParameters, o: number) {
  const own = (bias?.data[bias.data.length === 1 ? 0 : o] ?? 0) * (factors?.beta ?? 1)
  return own * tail.scale[o]! + tail.shift[o]!
}

function quantisedRow(parameters: WeightRowsParameters, o: number) {
  const { weights, at, taps, factors, tail, input } = parameters
  const factor = (factors?.alpha ?? 1) * tail.scale[o]!
  const reals = Float64Array.from({ length: taps }, (_, tap) => weights.data[at(o, tap)]! * factor)
  const largest = reals.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  // A scale that is too fine for the bias would overflow int32: rows of (nearly) zero weights.
  const least = Math.abs(biasOf(parameters, o)) / (input.scale * 2 ** 30)
  const scale = Math.fround(Math.max(largest / 127, least)) || 1
  const clamp = (weight: number) => Math.min(Math.max(Math.round(weight / scale), -127), 127)
  return { weights: Int8Array.from(reals, clamp), scale }
}

function storedRow(node: OnnxNode, parameters: WeightRowsParameters, o: number) {
  const { weights, at, taps, factors, axis, outputs } = parameters
  const { integers, scales, zeroPoints, axis: stored } = weights.quantised!
  if (scales.length !== 1 && (scales.length !== outputs || stored !== axis)) {
    const needed = `1, or ${outputs} along axis ${axis}`
    refuse(node, 'scales of its weights', `${scales.length} along axis ${stored}`, needed)
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
  { weights, bias, factors }: WeightRowsParameters,
  o: number,
  scale: number,
): number | undefined {
  if (weights.quantised === undefined) return undefined
  if (bias === undefined) return 0
  if (bias.quantised === undefined || (factors?.beta ?? 1) !== 1) return undefined
  const { integers, scales, zeroPoints } = bias.quantised
  const ratio = scales[o % scales.length]! / scale
  if (zeroPoints.some((zeroPoint) => zeroPoint !== 0)) {
    refuse(node, 'zero point of its bias', 'not 0', 0)
  }
  // Exporters take the product in float32.
  return Math.abs(ratio - 1) < 1e-5 ? integers[o % integers.length]! : undefined
}

/** Returns the sums that inputs can lead to; refuses those that could leave int32. */
function rangeOf(node: OnnxNode, bias: number, weights: Int8Array, zero: number) {
  let [least, most] = [bias, bias]
  for (const weight of weights) {
    const [low, high] = [weight * -zero, weight * (255 - zero)]
    least += Math.min(low, high)
    most += Math.max(low, high)
  }
  if (least < -(2 ** 31) || most >= 2 ** 31) {
    refuse(node, 'its sum', `from ${least} to ${most}`, 'within 32 bits')
  }
  return { least, most }
}

/** A left shift must not overflow. */
function needShift(
  node: OnnxNode,
  { least, most }: { least: number; most: number },
  shift: number,
) {
  const largest = Math.max(-least, most) * 2 ** Math.max(shift, 0)
  if (largest >= 2 ** 31) refuse(node, 'its sum', `${largest} when scaled`, 'within 32 bits')
}
