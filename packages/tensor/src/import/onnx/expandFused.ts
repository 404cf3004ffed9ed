import { create } from '@bufbuild/protobuf'

import { AttributeProtoSchema } from './generated/onnx_pb.ts'
import { refuse } from './node.ts'
import type { OnnxNode } from './OnnxModel.ts'
import { floats, type Tensor } from './Tensor.ts'

/** What an operator on integers is made of: one on reals between DequantizeLinear and QuantizeLinear. */
type Fused = {
  operator: string
  /** Places of an integer tensor, its scale and its zero point among the inputs. */
  inputs: readonly (readonly [tensor: number, scale: number, zeroPoint: number])[]
  /** Places of scale and zero point of the output. */
  output: readonly [scale: number, zeroPoint: number]
  /** Place of a bias in units of the products. */
  bias?: number
  /** Axis along which the scales of the second input may differ. */
  axis?: number
}

const pair = [
  [0, 1, 2],
  [3, 4, 5],
] as const
const unary = { inputs: [[0, 1, 2]], output: [3, 4] } as const

const fused: Record<string, Fused> = {
  QLinearConv: { operator: 'Conv', inputs: pair, output: [6, 7], bias: 8, axis: 0 },
  QLinearMatMul: { operator: 'MatMul', inputs: pair, output: [6, 7], axis: 1 },
  'com.microsoft.QGemm': { operator: 'Gemm', inputs: pair, output: [7, 8], bias: 6, axis: 1 },
  'com.microsoft.QLinearAdd': { operator: 'Add', inputs: pair, output: [6, 7] },
  'com.microsoft.QLinearMul': { operator: 'Mul', inputs: pair, output: [6, 7] },
  'com.microsoft.QLinearSigmoid': { operator: 'Sigmoid', ...unary },
  'com.microsoft.QLinearLeakyRelu': { operator: 'LeakyRelu', ...unary },
  'com.microsoft.QLinearAveragePool': { operator: 'AveragePool', ...unary },
  'com.microsoft.QLinearGlobalAveragePool': { operator: 'GlobalAveragePool', ...unary },
}

/** Names of the operators that are taken apart. */
export const fusedOperators = [...Object.keys(fused), 'com.microsoft.QLinearConcat']

/**
 * Takes an operator on integers apart, as ONNX defines it; any other node stays alone. `version` is that of the standard
 * operators. Scales of biases are added to `constants`.
 */
export function expandFused(
  node: OnnxNode,
  version: number,
  constants: Map<string, Tensor>,
): OnnxNode[] {
  const parts = Object.hasOwn(fused, node.operator) ? fused[node.operator] : concatOf(node)
  if (parts === undefined) return [node]
  if (node.attributes.get('channels_last')?.i === 1n) refuse(node, 'channels_last', 1, 0)
  const nodes: OnnxNode[] = []
  const part = (operator: string, inputs: readonly string[], output: string, axis?: number) => {
    const attributes = new Map(axis === undefined ? [] : [['axis', axisAttribute(axis)]])
    nodes.push({ ...node, operator, version, inputs, outputs: [output], attributes, isPart: true })
    return output
  }
  const at = (place: number) => node.inputs[place] ?? ''
  const own = (role: string | number) => `${node.outputs[0]} <- ${role}`

  const reals = parts.inputs.map(([tensor, scale, zeroPoint], i) => {
    const inputs = [at(tensor), at(scale), at(zeroPoint)]
    return part('DequantizeLinear', inputs, own(i), i === 1 ? weightAxis(node, parts) : undefined)
  })
  if (parts.bias !== undefined && at(parts.bias) !== '') {
    constants.set(own('bias scale'), biasScale(node, constants))
    reals.push(part('DequantizeLinear', [at(parts.bias), own('bias scale')], own('bias'), 0))
  }
  const [scale, zeroPoint] = parts.output
  const isQuantised = at(scale) !== ''
  const result = isQuantised ? own('result') : node.outputs[0]!
  nodes.push({ ...node, operator: parts.operator, version, inputs: reals, outputs: [result] })
  if (isQuantised) part('QuantizeLinear', [result, at(scale), at(zeroPoint)], node.outputs[0]!)
  return nodes
}

/** Inputs of QLinearConcat: scale and zero point of the output, then three for each tensor. */
function concatOf({ operator, inputs }: OnnxNode): Fused | undefined {
  if (operator !== 'com.microsoft.QLinearConcat') return undefined
  const tensors = Array.from({ length: Math.ceil((inputs.length - 2) / 3) }, (_, i) => 2 + 3 * i)
  return {
    operator: 'Concat',
    inputs: tensors.map((tensor) => [tensor, tensor + 1, tensor + 2] as const),
    output: [0, 1],
  }
}

/** Where the right side of a Gemm is transposed, its outputs lie along the first axis. */
function weightAxis({ attributes }: OnnxNode, { axis }: Fused): number | undefined {
  return attributes.get('transB')?.i === 1n ? 0 : axis
}

function biasScale(node: OnnxNode, constants: ReadonlyMap<string, Tensor>): Tensor {
  const [input, weights] = [1, 4].map((place) => constants.get(node.inputs[place] ?? ''))
  if (input === undefined || weights === undefined) {
    return refuse(node, 'its scales', 'computed', 'constant')
  }
  const scales = Float32Array.from(weights.data, (scale) => scale * input.data[0]!)
  return floats([scales.length], scales)
}

function axisAttribute(axis: number) {
  return create(AttributeProtoSchema, { name: 'axis', type: 2, i: BigInt(axis) })
}
