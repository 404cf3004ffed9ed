import { maxSoftmaxDepth, softmaxFields } from '../../softmaxFields.ts'
import { softmaxShape } from '../evaluate/evaluateElements.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { fixedOf, requantise } from './lowerLookup.ts'

/** Softmax along any axis, in the fixed-point arithmetic of programs. */
export function lowerSoftmax(node: OnnxNode, lowering: Lowering): Lowered {
  const [name = ''] = node.outputs
  const read = lowering.read(node.inputs[0]!)
  const { dims, axis } = softmaxShape(node, read.dims)
  const depth = dims[axis]!
  if (depth > maxSoftmaxDepth) refuse(node, 'its depth', depth, `up to ${maxSoftmaxDepth}`)
  const rest = dims.map((_, a) => a).filter((a) => a !== axis)
  const source = lowering.graph.arrange({ ...read, dims }, [...rest, axis], rest.length)
  const { scale } = source.coding
  const fields = softmaxFields(scale)
  if (fields === undefined) return refuse(node, 'scale of its input', scale, 'above 2^-26')
  const placed = lowering.graph.add(
    { kind: 'softmax', source: source.tensor, depth, ...fields },
    source,
  )
  const coding = fixedOf(node)!
  const target = lowering.targetOf(node, name, coding)
  if (source.coding.isStored) {
    lowering.report(node, 'exponentials are taken in fixed point, in units of 1/256')
  }
  const value = { ...source, ...placed, coding, dims: lowering.dimsOf(name) }
  return { name, value: requantise(lowering, value, target) }
}
