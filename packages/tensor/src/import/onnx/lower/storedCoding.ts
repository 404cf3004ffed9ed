import { codeOf } from '../evaluate/evaluateQuantisation.ts'
import type { Coding } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats } from '../Tensor.ts'
import type { Lowering } from './Lowering.ts'

/** Returns what bytes stand for by the scale and zero point that a QuantizeLinear or DequantizeLinear names. */
export function storedCoding(
  node: OnnxNode,
  lowering: Pick<Lowering, 'constantOf' | 'dimsOf'>,
): Coding {
  const inputs = node.inputs.map((name) => lowering.constantOf(name))
  const dims = lowering.dimsOf(node.inputs[0]!)
  if (inputs[1] === undefined) return refuse(node, 'its scale', 'computed', 'constant')
  if ((node.inputs[2] ?? '') !== '' && inputs[2] === undefined) {
    return refuse(node, 'its zero point', 'computed', 'constant')
  }
  const { scales, zeroPoints } = codeOf(node, [
    floats(dims, new Float32Array()),
    ...inputs.slice(1),
  ])
  if (scales.length !== 1) return refuse(node, 'its scales', scales.length, 'one for activations')
  const type = inputs[2]?.type ?? 'UINT8'
  if (type !== 'INT8' && type !== 'UINT8') return refuse(node, 'its type', type, 'INT8 or UINT8')
  return {
    scale: scales[0]!,
    zero: zeroPoints[0]! + (type === 'INT8' ? 128 : 0),
    isStored: true,
  }
}
