import type { OnnxNode } from '../OnnxModel.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { requantise } from './lowerLookup.ts'
import { storedCoding } from './storedCoding.ts'

/** QuantizeLinear: bytes are integers already, if those of another scale. */
export function lowerQuantize(node: OnnxNode, lowering: Lowering): Lowered {
  const value = lowering.read(node.inputs[0]!)
  const coding = storedCoding(node, lowering)
  return { name: node.outputs[0]!, value: requantise(lowering, value, coding) }
}

/** DequantizeLinear: says what bytes stand for. */
export function lowerDequantize(node: OnnxNode, lowering: Lowering): Lowered {
  const value = lowering.read(node.inputs[0]!)
  return { name: node.outputs[0]!, value: { ...value, coding: storedCoding(node, lowering) } }
}
