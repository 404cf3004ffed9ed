import { round } from '../rounding.ts'
import { nameOfActivation } from './names.ts'
import { type Node, refuse } from './node.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** What the int8 elements of a tensor stand for. */
export type Quantised = {
  /** Float32. */
  scale: number
  /** From −128 to 127. */
  zeroPoint: number
  /** Byte of a program that stands for zero. */
  zero: number
}

/** Returns the scale and zero point of an activation; refuses all but int8 with one of each. */
export function quantised(node: Node, tensor: TfliteTensor): Quantised {
  if (tensor.type !== 'INT8') refuse(node, `type of tensor ${tensor.index}`, tensor.type, 'INT8')
  return quantisedAs(node, tensor, { least: -128, most: 127 })
}

/** Returns the one scale and zero point of a tensor, which must lie in a range; `zero` is that of int8. */
export function quantisedAs(
  node: Node,
  tensor: TfliteTensor,
  range: { least: number; most: number },
): Quantised {
  const subject = `quantisation of tensor ${tensor.index}`
  const { quantisation } = tensor
  if (quantisation === undefined)
    return refuse(node, subject, 'missing', 'a scale and a zero point')
  const { scales, zeroPoints } = quantisation
  if (scales.length !== 1) return refuse(node, subject, `${scales.length} scales`, 'one')
  const [scale, zeroPoint] = [scales[0]!, zeroPoints[0]!]
  if (!(scale > 0) || !Number.isFinite(scale)) {
    return refuse(node, subject, `scale ${scale}`, 'a positive scale')
  }
  if (zeroPoint < range.least || zeroPoint > range.most) {
    return refuse(
      node,
      subject,
      `zero point ${zeroPoint}`,
      `one from ${range.least} to ${range.most}`,
    )
  }
  return { scale, zeroPoint, zero: zeroPoint + 128 }
}

/** Refuses an output whose elements stand for other numbers than those of an input. */
export function needSameQuantisation(node: Node, input: Quantised, output: Quantised): void {
  if (input.scale === output.scale && input.zeroPoint === output.zeroPoint) return
  refuse(
    node,
    'quantisation of its output',
    `scale ${output.scale} and zero point ${output.zeroPoint}`,
    `that of its input, scale ${input.scale} and zero point ${input.zeroPoint}`,
  )
}

/** Returns the output bytes that a fused activation leaves (`CalculateActivationRangeQuantized`). */
export function clampOf(
  node: Node,
  activation: number,
  output: Quantised,
): { clampMin: number; clampMax: number } {
  const name = nameOfActivation(activation)
  switch (name) {
    case 'NONE':
      return { clampMin: 0, clampMax: 255 }
    case 'RELU':
      return { clampMin: output.zero, clampMax: 255 }
    case 'RELU6':
      return { clampMin: output.zero, clampMax: byteOf(6, output) }
    case 'RELU_N1_TO_1':
      return { clampMin: byteOf(-1, output), clampMax: byteOf(1, output) }
    default:
      return refuse(node, 'fused activation', name, 'NONE, RELU, RELU6 or RELU_N1_TO_1')
  }
}

/** Quantises a real number to a program's byte, in float32 and saturating. */
export function byteOf(real: number, { scale, zero }: Quantised): number {
  return Math.min(Math.max(zero + round(Math.fround(real / scale), 'away'), 0), 255)
}
