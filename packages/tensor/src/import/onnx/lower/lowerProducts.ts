import { floatOf, integerOf, refuse, reject, showShape } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { sizeOf, type Tensor } from '../Tensor.ts'
import { naturalOrder, type Value } from './Builder.ts'
import { clampOf } from './clamp.ts'
import type { Lowering } from './Lowering.ts'
import { bytesOf, rowMajor } from './layout.ts'
import { weightRowsOf } from './weightRows.ts'

/** A window of one place that visits each. */
export const unitWindow = {
  ...{ kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1 },
  ...{ dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0 },
}

/** Returns the constant that a node must have as an input. */
export function constantInput(node: OnnxNode, lowering: Lowering, i: number, role: string): Tensor {
  return (
    lowering.constantOf(node.inputs[i] ?? '') ?? refuse(node, `its ${role}`, 'computed', 'constant')
  )
}

/** Returns an optional constant input. */
export function optionalInput(node: OnnxNode, lowering: Lowering, i: number, role: string) {
  return (node.inputs[i] ?? '') === '' ? undefined : constantInput(node, lowering, i, role)
}

/** Gemm with constant weights. */
export function lowerGemm(node: OnnxNode, lowering: Lowering): void {
  const weights = constantInput(node, lowering, 1, 'right side')
  const bias = optionalInput(node, lowering, 2, 'bias')
  if (integerOf(node, 'transA', 0) !== 0) refuse(node, 'transA', 1, 0)
  const isTransposed = integerOf(node, 'transB', 0) !== 0
  const outputs = weights.dims[isTransposed ? 0 : 1]!
  const isPerOutput =
    bias === undefined ||
    bias.data.length === 1 ||
    (bias.data.length === outputs && bias.dims.at(-1) === outputs)
  if (!isPerOutput) refuse(node, 'shape of its bias', showShape(bias.dims), `[${outputs}]`)
  const factors = { alpha: floatOf(node, 'alpha', 1), beta: floatOf(node, 'beta', 1) }
  lowerProduct(node, lowering, { weights, outputs, isTransposed, bias, factors })
}

/** MatMul with a constant matrix on its right. */
export function lowerMatMul(node: OnnxNode, lowering: Lowering): void {
  const weights = constantInput(node, lowering, 1, 'right side')
  const factors = { alpha: 1, beta: 1 }
  const outputs = weights.dims[1]!
  lowerProduct(node, lowering, { weights, outputs, isTransposed: false, bias: undefined, factors })
}

type Product = {
  weights: Tensor
  outputs: number
  isTransposed: boolean
  bias: Tensor | undefined
  factors: { alpha: number; beta: number }
}

/** One list of inputs makes a dense layer, which takes bytes in any order; several a convolution of one place. */
function lowerProduct(node: OnnxNode, lowering: Lowering, product: Product) {
  const { builder } = lowering
  const { weights, outputs, isTransposed } = product
  const read = lowering.read(node.inputs[0]!)
  const inputs = read.dims.at(-1)!
  const lists = sizeOf(read.dims) / inputs
  const dims = lowering.dimsOf(node.outputs[0]!)
  const source: Value =
    lists === 1 ? read : builder.arrange(read, naturalOrder(read.dims).order, read.dims.length - 1)
  const places = lists === 1 ? inverse(bytesOf(source.layout)) : undefined
  builder.reserveRows(outputs, inputs)
  const isFixed = weights.quantised !== undefined
  const channels = { count: outputs, axis: dims.length - 1, isFixed }
  const tail = lowering.takeTail(node, { channels })
  const rows = weightRowsOf(node, {
    ...product,
    ...{ axis: isTransposed ? 0 : 1, taps: inputs, tail, input: source.quantisation },
    at: (o, tap) => {
      const k = places?.[tap] ?? tap
      return isTransposed ? o * inputs + k : k * outputs + o
    },
  })
  const clamp = clampOf(tail, tail.quantisation)
  const shape = { rows: lists, rowBytes: outputs }
  const tensor =
    lists === 1
      ? builder.add({ kind: 'dense', source: source.tensor, rows, ...clamp }, shape)
      : builder.add(
          {
            ...{ kind: 'conv', source: source.tensor, groups: 1, ...unitWindow, rows, ...clamp },
            ...{ width: 1, channels: inputs, height: lists, outputWidth: 1 },
            inputZero: source.quantisation.zero,
          },
          shape,
        )
  if (source.rows !== lists && lists !== 1) reject(node, 'has rows that do not fit')
  const { quantisation } = tail
  lowering.place(tail.name, { tensor, ...shape, dims, layout: rowMajor(dims), quantisation })
}

function inverse(index: Int32Array): Int32Array {
  const places = new Int32Array(index.length)
  for (let i = 0; i < index.length; i += 1) places[index[i]!] = i
  return places
}
