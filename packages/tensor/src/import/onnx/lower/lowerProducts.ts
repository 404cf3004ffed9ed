import { product, showShape } from '../../dims.ts'
import { unitWindow } from '../../unitWindow.ts'
import { naturalOrder } from '../createGraph.ts'
import type { Value } from '../Graph.ts'
import { bytesOf, rowMajor } from '../layout.ts'
import { floatOf, integerOf, refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import { clampOf } from './clamp.ts'
import { constantInput, optionalInput } from './constantInput.ts'
import type { Lowered, Lowering, Tail } from './Lowering.ts'
import { weightRowsOf } from './weightRows.ts'

/** Gemm with constant weights. */
export function lowerGemm(node: OnnxNode, lowering: Lowering): Lowered {
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
  return lowerProduct(node, lowering, { weights, outputs, isTransposed, bias, factors })
}

/** MatMul with a constant matrix on its right. */
export function lowerMatMul(node: OnnxNode, lowering: Lowering): Lowered {
  const weights = constantInput(node, lowering, 1, 'right side')
  const factors = { alpha: 1, beta: 1 }
  const outputs = weights.dims[1]!
  return lowerProduct(node, lowering, {
    ...{ weights, outputs, isTransposed: false, bias: undefined, factors },
  })
}

type Product = {
  weights: Tensor
  outputs: number
  isTransposed: boolean
  bias: Tensor | undefined
  factors: { alpha: number; beta: number }
}

/** One list of inputs makes a dense layer, which takes bytes in any order; several a convolution of one place. */
function lowerProduct(node: OnnxNode, lowering: Lowering, parameters: Product): Lowered {
  const { graph } = lowering
  const { weights, outputs, isTransposed } = parameters
  const read = lowering.read(node.inputs[0]!)
  const inputs = read.dims.at(-1)!
  const lists = product(read.dims) / inputs
  const dims = lowering.dimsOf(node.outputs[0]!)
  const source =
    lists === 1 ? read : graph.arrange(read, naturalOrder(read.dims).order, read.dims.length - 1)
  const places = lists === 1 ? inverse(bytesOf(source.layout)) : undefined
  graph.reserveRows(outputs, inputs)
  const isFixed = weights.quantised !== undefined
  const tail = lowering.takeTail(node, { count: outputs, axis: dims.length - 1, isFixed })
  const rows = weightRowsOf(node, lowering, {
    ...parameters,
    ...{ axis: isTransposed ? 0 : 1, taps: inputs, tail, input: source.coding },
    at: (o, tap) => {
      const k = places?.[tap] ?? tap
      return isTransposed ? o * inputs + k : k * outputs + o
    },
  })
  const placed = addProduct(lowering, { source, rows, tail, lists, inputs })
  const value = { ...placed, dims, layout: rowMajor(dims), coding: tail.coding }
  return { name: tail.name, value }
}

type Placing = {
  source: Value
  rows: ReturnType<typeof weightRowsOf>
  tail: Tail
  lists: number
  inputs: number
}

function addProduct({ graph }: Lowering, { source, rows, tail, lists, inputs }: Placing) {
  const clamp = clampOf(tail, tail.coding)
  const shape = { rows: lists, rowBytes: rows.length }
  if (lists === 1) return graph.add({ kind: 'dense', source: source.tensor, rows, ...clamp }, shape)
  return graph.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: 1, ...unitWindow, rows, ...clamp },
      ...{ width: 1, channels: inputs, height: lists, outputWidth: 1 },
      inputZero: source.coding.zero,
    },
    shape,
  )
}

function inverse(index: Int32Array): Int32Array {
  const places = new Int32Array(index.length)
  for (let i = 0; i < index.length; i += 1) places[index[i]!] = i
  return places
}
