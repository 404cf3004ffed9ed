import type { Coding } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import type { Tail } from './Lowering.ts'
import { needFinite } from './needFactor.ts'

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

/** Returns the bias of an output as a real number, with what its tail adds. */
export function biasOf(
  node: OnnxNode,
  { bias, factors, tail }: WeightRowsParameters,
  o: number,
): number {
  const own = (bias?.data[bias.data.length === 1 ? 0 : o] ?? 0) * (factors?.beta ?? 1)
  return needFinite(node, 'its bias', own * tail.scale[o]! + tail.shift[o]!)
}

/** Gives the weights of an output 8 bits, from −127 to 127. */
export function quantisedRow(node: OnnxNode, parameters: WeightRowsParameters, o: number) {
  const { weights, at, taps, factors, tail, input } = parameters
  const factor = (factors?.alpha ?? 1) * tail.scale[o]!
  const reals = Float64Array.from({ length: taps }, (_, tap) => weights.data[at(o, tap)]! * factor)
  const largest = reals.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  needFinite(node, 'a weight', largest)
  // A scale that is too fine for the bias would overflow int32: rows of (nearly) zero weights.
  const least = Math.abs(biasOf(node, parameters, o)) / (input.scale * 2 ** 30)
  const scale = Math.fround(Math.max(largest / 127, least)) || 1
  const clamp = (weight: number) => Math.min(Math.max(Math.round(weight / scale), -127), 127)
  return { weights: Int8Array.from(reals, clamp), scale }
}

/** Returns the weights of an output that the model has as integers. */
export function storedRow(node: OnnxNode, parameters: WeightRowsParameters, o: number) {
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
export function storedBias(
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
