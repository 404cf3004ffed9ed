import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import type { Coding } from '../Graph.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { requantisationOf } from '../requantisation.ts'
import type { Lowering } from './Lowering.ts'

export type MeanRowParameters = {
  /** Elements of each mean. */
  count: number
  input: Coding
  target: Coding
}

/** Makes the weights that take the mean of `count` elements. */
export function meanRow(
  node: OnnxNode,
  lowering: Lowering,
  { count, input, target }: MeanRowParameters,
): WeightRow {
  const weights = new Int8Array(count).fill(1)
  const bias = foldZero(0, weights, input.zero)
  if (!input.isStored || !target.isStored) {
    const multiplier = quantizeMultiplier(input.scale / count / target.scale)
    return { ...multiplier, bias, weights }
  }
  // As onnxruntime takes it (`MlasQLinearGlobalAveragePool`).
  const scale = Math.fround(input.scale / Math.fround(target.scale * count))
  const [least, most] = [-input.zero * count, (255 - input.zero) * count]
  const [low, high] = [-target.zero, 255 - target.zero]
  const { differing, multiplier, shift } = requantisationOf({ scale, least, most, low, high })
  if (differing > 0) {
    lowering.report(node, `${differing} of ${most - least + 1} sums round to a neighbour`)
  }
  return { multiplier, shift, bias, weights }
}
