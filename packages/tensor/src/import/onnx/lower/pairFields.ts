import { multiplyByQuantizedMultiplier } from '../../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import type { AddLayer, MulLayer } from '../../../program/Layer.ts'
import { round } from '../../rounding.ts'
import type { Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { requantisationOf } from '../requantisation.ts'
import { clampOf } from './clamp.ts'
import type { Lowering, Tail } from './Lowering.ts'

/** Bits by which both operands of a sum are scaled up: as many as programs have. */
const leftShift = 22

export type PairParameters = {
  first: Value
  second: Value
  end: Pick<Tail, 'low' | 'high' | 'coding'>
}

/** Fields of a sum whose operands are brought to fractions of the output's unit, so that it rounds once. */
export function sumFields(
  node: OnnxNode,
  lowering: Lowering,
  { first, second, end }: PairParameters,
): AddLayer {
  const [one, two] = [first.coding, second.coding]
  const ratios = [one, two].map(({ scale }) => Math.fround(scale / end.coding.scale))
  // Both operands times a power of two that leaves the greater ratio below one.
  const down = Math.max(0, ...ratios.map((ratio) => Math.floor(Math.log2(ratio)) + 1))
  if (!(down <= leftShift)) {
    refuse(node, 'ratio of its scales', Math.max(...ratios), `below 2^${leftShift}`)
  }
  const [left, right] = ratios.map((ratio) => quantizeMultiplier(ratio * 2 ** -down))
  const layer: AddLayer = {
    ...{ kind: 'add', source: first.tensor, other: second.tensor, leftShift },
    ...{ zero1: one.zero, multiplier1: left!.multiplier, shift1: left!.shift },
    ...{ zero2: two.zero, multiplier2: right!.multiplier, shift2: right!.shift },
    ...lastStep(leftShift - down),
    ...clampOf(end, end.coding),
  }
  if (one.isStored && two.isStored && end.coding.isStored) {
    const differing = differingPairs(layer, ratios, end.coding.zero)
    if (differing > 0) lowering.report(node, `${differing} of 65536 pairs round to a neighbour`)
  }
  return layer
}

/** Divides by 2^bits, rounded once; by more bits than a multiplier can without shifting. */
function lastStep(bits: number) {
  return bits === 0 ? { multiplier: 2 ** 30, shift: 1 } : { multiplier: 2 ** (31 - bits), shift: 0 }
}

/** Counts pairs of bytes for which onnxruntime (`MlasQLinearAdd`), which adds in float32, has another sum. */
function differingPairs(layer: AddLayer, ratios: readonly number[], outputZero: number): number {
  const { zero1, zero2, clampMin, clampMax } = layer
  const [ratio1 = 0, ratio2 = 0] = ratios
  const clamp = (value: number) => Math.min(Math.max(value, clampMin), clampMax)
  const scaled = (difference: number, multiplier: number, shift: number) =>
    multiplyByQuantizedMultiplier(difference * 2 ** leftShift, multiplier, shift)
  const zeros = Math.fround(Math.fround(ratio1 * zero1) + Math.fround(ratio2 * zero2))
  const fixed = Math.fround(outputZero - zeros)
  let differing = 0
  for (let x1 = 0; x1 < 256; x1 += 1) {
    const a = scaled(x1 - zero1, layer.multiplier1, layer.shift1)
    const real1 = Math.fround(Math.fround(x1 * ratio1) + fixed)
    for (let x2 = 0; x2 < 256; x2 += 1) {
      const b = scaled(x2 - zero2, layer.multiplier2, layer.shift2)
      const sum = multiplyByQuantizedMultiplier((a + b) | 0, layer.multiplier, layer.shift)
      const real = Math.fround(Math.fround(x2 * ratio2) + real1)
      if (clamp(sum + outputZero) !== clamp(round(real, 'even'))) differing += 1
    }
  }
  return differing
}

/** Fields of a product. */
export function productFields(
  node: OnnxNode,
  lowering: Lowering,
  { first, second, end }: PairParameters,
): MulLayer {
  const [one, two] = [first.coding, second.coding]
  const real = (one.scale * two.scale) / end.coding.scale
  // Products of two bytes have 17 bits.
  if (!(real < 2 ** 14)) refuse(node, 'ratio of its scales', real, 'below 2^14')
  const clamp = clampOf(end, end.coding)
  const isExact = one.isStored && two.isStored && end.coding.isStored
  return {
    ...{ kind: 'mul', source: first.tensor, other: second.tensor },
    ...{ zero1: one.zero, zero2: two.zero, ...clamp },
    ...(isExact ? stated(node, lowering, { first, second, end }) : quantizeMultiplier(real)),
  }
}

function stated(node: OnnxNode, lowering: Lowering, { first, second, end }: PairParameters) {
  const [one, two] = [first.coding, second.coding]
  const scale = Math.fround(Math.fround(one.scale * two.scale) / end.coding.scale)
  const ends = ({ zero }: Value['coding']) => [-zero, 255 - zero]
  const products = ends(one).flatMap((a) => ends(two).map((b) => a * b))
  const { clampMin, clampMax } = clampOf(end, end.coding)
  const { differing, multiplier, shift } = requantisationOf({
    ...{ scale, least: Math.min(...products), most: Math.max(...products) },
    ...{ low: clampMin - end.coding.zero, high: clampMax - end.coding.zero },
  })
  if (differing > 0) lowering.report(node, `${differing} products round to a neighbour`)
  return { multiplier, shift }
}
