import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import type { Coding } from '../Graph.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { requantisationOf } from '../requantisation.ts'
import type { Lowering } from './Lowering.ts'
import { needFactor } from './needFactor.ts'
import { needShift } from './sums.ts'

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
  const sums = { least: -input.zero * count, most: (255 - input.zero) * count }
  const bias = foldZero(0, weights, input.zero)
  if (!input.isStored || !target.isStored) {
    const multiplier = quantizeMultiplier(needFactor(node, input.scale / count / target.scale))
    needShift(node, sums, multiplier.shift)
    return { ...multiplier, bias, weights }
  }
  // As onnxruntime takes it (`MlasQLinearGlobalAveragePool`).
  const scale = needFactor(node, Math.fround(input.scale / Math.fround(target.scale * count)))
  const [low, high] = [-target.zero, 255 - target.zero]
  const { differing, multiplier, shift } = requantisationOf({ scale, ...sums, low, high })
  needShift(node, sums, shift)
  if (differing > 0) {
    lowering.report(node, `${differing} of ${sums.most - sums.least + 1} sums round to a neighbour`)
  }
  return { multiplier, shift, bias, weights }
}
