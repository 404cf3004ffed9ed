import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { softmaxShape } from '../evaluate/evaluateElements.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Lowering } from './Lowering.ts'
import { fixedOf, requantise } from './lowerLookup.ts'

const integerBits = 5
const fractionBits = 31 - integerBits
/** Beyond this many nearly equal elements the fixed-point sum overflows. */
const maxDepth = 511

/** Softmax along any axis, in the fixed-point arithmetic of programs. */
export function lowerSoftmax(node: OnnxNode, lowering: Lowering): void {
  const [output = ''] = node.outputs
  const read = lowering.read(node.inputs[0]!)
  const { dims, axis } = softmaxShape(node, read.dims)
  const depth = dims[axis]!
  if (depth > maxDepth) refuse(node, 'its depth', depth, `up to ${maxDepth}`)
  const rest = dims.map((_, a) => a).filter((a) => a !== axis)
  const source = lowering.builder.arrange({ ...read, dims }, [...rest, axis], rest.length)
  const real = Math.min(source.quantisation.scale * 2 ** fractionBits, 2 ** 31 - 1)
  if (!(real > 1)) refuse(node, 'scale of its input', source.quantisation.scale, 'above 2^-26')
  const { multiplier, shift: leftShift } = quantizeMultiplier(real)
  const diffMin = -Math.floor((2 ** integerBits - 1) * 2 ** (fractionBits - leftShift))
  const tensor = lowering.builder.add(
    { kind: 'softmax', source: source.tensor, depth, multiplier, leftShift, diffMin },
    source,
  )
  const quantisation = fixedOf(node)!
  const value = { ...source, tensor, quantisation, dims: lowering.dimsOf(output) }
  lowering.place(output, requantise(lowering, value, lowering.targetOf(node, output, quantisation)))
}
