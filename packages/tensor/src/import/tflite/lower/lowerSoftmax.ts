import { maxSoftmaxDepth, softmaxFields } from '../../softmaxFields.ts'
import type { Graph, Value } from '../Graph.ts'
import { SoftmaxOptions } from '../generated/tflite_generated.ts'
import { inputOf, type Node, needInputs, needShape, optionsOf, refuse } from '../node.ts'
import { quantised } from '../quantised.ts'
import { shapeOf } from '../shapeOf.ts'

/** SOFTMAX along the last axis (`CalculateSoftmaxParams`, `PreprocessSoftmaxScaling`). */
export function lowerSoftmax(node: Node, graph: Graph): Value {
  needInputs(node, 1)
  const options = optionsOf(node, 'SoftmaxOptions', new SoftmaxOptions())
  const [input, output] = [inputOf(node, 0), node.output]
  needShape(node, input.dims)
  const [from, to] = [quantised(node, input), quantised(node, output)]
  if (to.scale !== 1 / 256 || to.zeroPoint !== -128) {
    const found = `scale ${to.scale} and zero point ${to.zeroPoint}`
    refuse(node, 'quantisation of its output', found, 'scale 1/256 and zero point -128')
  }
  const depth = input.dims.at(-1) ?? 1
  if (depth > maxSoftmaxDepth) refuse(node, 'its depth', depth, `up to ${maxSoftmaxDepth}`)

  const real = options.beta() * from.scale
  const fields = softmaxFields(real)
  if (fields === undefined) {
    return refuse(node, 'beta times the scale of its input', real, 'above 2^-26')
  }
  const source = graph.read(input)
  const shape = shapeOf(input.dims)
  return graph.add({ kind: 'softmax', source: source.tensor, depth, ...fields }, shape)
}
