import { product } from '../../dims.ts'
import { binaryFunctions } from '../evaluate/evaluateElements.ts'
import type { Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import { constantBeside } from './constantBeside.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { lowerFunction } from './lowerLookup.ts'
import { pairedWith } from './pairedWith.ts'
import { productFields, sumFields } from './pairFields.ts'

/** Add, Sub, Mul, Div, Pow: tables where one side is one number; else sums and products, and their inverses by constants. */
export function lowerBinary(node: OnnxNode, lowering: Lowering): Lowered {
  const [a = '', b = ''] = node.inputs
  const [left, right] = [lowering.constantOf(a), lowering.constantOf(b)]
  const apply = binaryFunctions[node.operator]!
  const isWhole = (name: string) => isFull(node, lowering, name)
  if (right?.data.length === 1 && isWhole(a)) {
    return lowerFunction(node, lowering, a, (x) => apply(x, right.data[0]!))
  }
  if (left?.data.length === 1 && isWhole(b)) {
    return lowerFunction(node, lowering, b, (x) => apply(left.data[0]!, x))
  }
  if (node.operator === 'Sub' && right !== undefined) {
    return lowerPair(
      node,
      lowering,
      'Add',
      a,
      inverse(right, (x) => -x),
    )
  }
  if (node.operator === 'Div' && right !== undefined) {
    return lowerPair(
      node,
      lowering,
      'Mul',
      a,
      inverse(right, (x) => 1 / x),
    )
  }
  if (node.operator !== 'Add' && node.operator !== 'Mul') {
    return refuse(node, 'its second input', 'computed', 'constant')
  }
  if (left !== undefined) return lowerPair(node, lowering, node.operator, b, left)
  return lowerPair(node, lowering, node.operator, a, right ?? b)
}

/** Whether an input has as many elements as the output, so that it is not repeated. */
function isFull(node: OnnxNode, lowering: Lowering, name: string): boolean {
  return product(lowering.dimsOf(name)) === product(lowering.dimsOf(node.outputs[0]!))
}

function inverse({ type, dims, data }: Tensor, apply: (x: number) => number): Tensor {
  return { type, dims, data: Float64Array.from(data, apply) }
}

function lowerPair(
  node: OnnxNode,
  lowering: Lowering,
  operator: 'Add' | 'Mul',
  first: string,
  second: string | Tensor,
): Lowered {
  const dims = lowering.dimsOf(node.outputs[0]!)
  const isSwapped = typeof second === 'string' && !isFull(node, lowering, first)
  const [a, b] = isSwapped ? [second, first] : [first, second]
  if (!isFull(node, lowering, a)) {
    refuse(node, 'its shapes', 'both repeated', 'one of the shape of the output')
  }
  const full: Value = { ...lowering.read(a), dims }
  const other =
    typeof b === 'string'
      ? pairedWith(node, lowering, full, lowering.read(b))
      : constantBeside(node, lowering, full, b)
  const tail = lowering.takeTail(node)
  const end = { ...tail, name: node.outputs[0]! }
  const fields = operator === 'Add' ? sumFields : productFields
  const placed = lowering.graph.add(
    fields(node, lowering, { first: full, second: other, end }),
    full,
  )
  return { name: tail.name, value: { ...full, ...placed, coding: tail.coding } }
}
