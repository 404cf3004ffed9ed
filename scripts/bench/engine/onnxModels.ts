import type { Program } from '@assay/tensor'

import {
  type ElementType,
  encodeModel,
  type Message,
  type OnnxNode,
  type OnnxTensor,
} from './onnxFile.ts'

type Operator = Program['operators'][number]
type Kind<kind extends Operator['kind']> = Extract<Operator, { kind: kind }>

/** A constant of one value or of a list. */
function constant(
  name: string,
  type: ElementType,
  data: ArrayBufferView,
  dims: number[] = [],
): OnnxTensor {
  return { name, type, dims, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

/** The model that multiplies bytes by int8 weights to int32. */
export function productModel(
  weights: Int8Array,
  rows: number,
  inputs: number,
  outputs: number,
): Message {
  return encodeModel({
    nodes: [{ type: 'MatMulInteger', inputs: ['x', 'w', 'zero'], output: 'y' }],
    constants: [
      constant('w', 'int8', weights, [inputs, outputs]),
      constant('zero', 'uint8', Uint8Array.of(128)),
    ],
    input: { name: 'x', type: 'uint8', dims: [rows, inputs] },
    output: { name: 'y', type: 'int32', dims: [rows, outputs] },
  })
}

/**
 * The same network for ONNX Runtime, as its quantiser would write it: QLinearConv, QLinearAdd and a global average in
 * bytes. The shapes and weights are the program's; scales are made up, since they do not change the work.
 */
export function networkModel({ operators, weights }: Program): Message {
  const nodes: OnnxNode[] = [
    { type: 'Transpose', inputs: ['x'], output: 't0', attributes: { perm: [0, 3, 1, 2] } },
  ]
  const constants = [
    constant('s', 'float', Float32Array.of(0.05)),
    constant('z', 'uint8', Uint8Array.of(128)),
  ]
  let last = 't0'
  for (const [tensor, operator] of operators.entries()) {
    if (operator.kind === 'conv')
      constants.push(...convWeights(tensor, operator, weights[tensor]!.values))
    const node = nodeOf(tensor, operator)
    if (node === undefined) continue
    nodes.push(node)
    last = node.output
  }
  const first = operators[0] as Kind<'input'>
  return encodeModel({
    nodes,
    constants,
    input: { name: 'x', type: 'uint8', dims: [1, first.rows, first.rowBytes / 3, 3] },
    output: { name: last, type: 'uint8', dims: [1, 64, 1, 1] },
  })
}

function nodeOf(tensor: number, operator: Operator): OnnxNode | undefined {
  const output = `t${tensor}`
  switch (operator.kind) {
    case 'conv':
      return convNode(tensor, operator)
    case 'add': {
      const [a, b] = [`t${operator.source}`, `t${operator.other}`]
      const inputs = [a, 's', 'z', b, 's', 'z', 's', 'z']
      return { type: 'QLinearAdd', domain: 'com.microsoft', inputs, output }
    }
    case 'pool': {
      const inputs = [`t${operator.source}`, 's', 'z', 's', 'z']
      const attributes = { channels_last: 0 }
      return {
        type: 'QLinearGlobalAveragePool',
        domain: 'com.microsoft',
        inputs,
        output,
        attributes,
      }
    }
    default:
      return undefined
  }
}

function convNode(tensor: number, operator: Kind<'conv'>): OnnxNode {
  const { kernelHeight: kernel, strideHeight: stride, padTop, width, source, rows } = operator
  // What an output of `rows` lines needs beyond the image, at the bottom and to the right.
  const after = (rows - 1) * stride + kernel - padTop - width
  return {
    type: 'QLinearConv',
    inputs: [
      `t${source}`,
      's',
      'z',
      `w${tensor}`,
      `ws${tensor}`,
      `wz${tensor}`,
      's',
      'z',
      `b${tensor}`,
    ],
    output: `t${tensor}`,
    attributes: {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padTop, padTop, Math.max(after, 0), Math.max(after, 0)],
    },
  }
}

/** Weights from (output, line, place, channel) to (output, channel, line, place), and the constants beside them. */
function convWeights(tensor: number, operator: Kind<'conv'>, values: Int8Array): OnnxTensor[] {
  const { outputs, channels, kernelHeight, kernelWidth } = operator
  const area = kernelHeight * kernelWidth
  const transposed = values.map((_, i) => {
    const [output, channel, tap] = [
      Math.floor(i / (channels * area)),
      Math.floor(i / area) % channels,
      i % area,
    ]
    return values[(output * area + tap) * channels + channel]!
  })
  const dims = [outputs, channels, kernelHeight, kernelWidth]
  return [
    constant(`w${tensor}`, 'int8', transposed, dims),
    constant(`ws${tensor}`, 'float', new Float32Array(outputs).fill(0.001), [outputs]),
    constant(`wz${tensor}`, 'int8', new Int8Array(outputs), [outputs]),
    constant(`b${tensor}`, 'int32', new Int32Array(outputs), [outputs]),
  ]
}
