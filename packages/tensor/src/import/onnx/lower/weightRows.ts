import { channelMultiplier } from '../../../arithmetic/channelMultiplier.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { type Requantisation, requantisationOf } from '../requantisation.ts'
import { clampOf } from './clamp.ts'
import type { Lowering } from './Lowering.ts'
import { needFactor } from './needFactor.ts'
import { needShift, type Sums, sumsOf } from './sums.ts'
import {
  biasOf,
  quantisedRow,
  storedBias,
  storedRow,
  type WeightRowsParameters,
} from './weightSources.ts'

/**
 * Makes the weight rows of a layer. Weights that the model has as integers stay what they are; others get int8 values with
 * one scale for each output, from −127 to 127.
 */
export function weightRowsOf(
  node: OnnxNode,
  lowering: Lowering,
  parameters: WeightRowsParameters,
): WeightRow[] {
  const { outputs, tail, weights } = parameters
  if (tail.coding.isStored && weights.quantised === undefined) {
    lowering.report(node, 'its weights are given 8 bits')
  }
  let [channels, differing, possible] = [0, 0, 0]
  const rows = Array.from({ length: outputs }, (_, o) => {
    const { row, sums, ...made } = rowOf(node, parameters, o)
    channels += made.differing > 0 ? 1 : 0
    differing += made.differing
    possible += sums.most - sums.least + 1
    return row
  })
  if (channels > 0) {
    const where = `in ${channels} of ${outputs} channels`
    lowering.report(node, `${differing} of ${possible} sums round to a neighbour, ${where}`)
  }
  return rows
}

function rowOf(node: OnnxNode, parameters: WeightRowsParameters, o: number) {
  const { input, tail } = parameters
  const isStored = parameters.weights.quantised !== undefined
  const isStated = isStored && input.isStored && tail.coding.isStored
  const { weights, scale } = isStored
    ? storedRow(node, parameters, o)
    : quantisedRow(node, parameters, o)
  const unit = input.scale * scale
  const stored = storedBias(node, parameters, o, unit)
  if (isStated && stored === undefined) {
    refuse(node, 'its bias', 'not in units of input times weights', 'int32 in those units')
  }
  const integer = stored ?? Math.round(biasOf(node, parameters, o) / unit)
  const sums = sumsOf(node, integer, weights, input.zero)
  const requantisation = isStated
    ? statedMultiplier(node, parameters, scale, sums)
    : realMultiplier(node, parameters, scale)
  const { multiplier, shift, differing } = requantisation
  needShift(node, sums, shift)
  const bias = foldZero(integer, weights, input.zero)
  return { row: { multiplier, shift, bias, weights }, sums, differing }
}

function realMultiplier(
  node: OnnxNode,
  { input, tail }: WeightRowsParameters,
  weightScale: number,
): Requantisation {
  const [inputScale, outputScale] = [input.scale, tail.coding.scale]
  needFactor(node, (inputScale * weightScale) / outputScale)
  return { ...channelMultiplier({ inputScale, weightScale, outputScale }), differing: 0 }
}

/** Requantises as onnxruntime does, whose factor is taken in float32. */
function statedMultiplier(
  node: OnnxNode,
  { input, tail }: WeightRowsParameters,
  weightScale: number,
  sums: Sums,
): Requantisation {
  const { scale: outputScale, zero } = tail.coding
  const real = Math.fround(Math.fround(input.scale * weightScale) / outputScale)
  const scale = needFactor(node, real)
  const { clampMin, clampMax } = clampOf(tail, tail.coding)
  return requantisationOf({ scale, ...sums, low: clampMin - zero, high: clampMax - zero })
}
