import { product } from '../../dims.ts'
import { UnsupportedModelError } from '../../errors.ts'
import { fusedOperators } from '../expandFused.ts'
import { limits, needWithin } from '../limits.ts'
import { refuse } from '../node.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import { floats, type Tensor } from '../Tensor.ts'
import { treeOperators } from '../trees/readEnsemble.ts'
import type { Inputs, Spend } from './Evaluate.ts'
import { evaluators } from './evaluators.ts'

export type EvaluateModelParameters = {
  model: OnnxModel
  dims: readonly number[]
  /** Elements of the input. */
  data: Float32Array
  /** Values that are the same for every input; what is found to be one is added. */
  constants: Map<string, Tensor>
}

/** Computes every value of a model in floating point; returns those that depend on the input. */
export function evaluateModel(parameters: EvaluateModelParameters): Map<string, Tensor> {
  const { model, dims, data, constants } = parameters
  const [input] = model.inputs
  const values = new Map<string, Tensor>()
  values.set(input!.name, { ...floats(dims, data), type: input!.type })
  let elements = product(dims)
  let operations = 0
  const spend: Spend = (more) => {
    operations += more
    needWithin('multiplications', operations, limits.operations)
  }
  for (const node of model.nodes) {
    const [output = ''] = node.outputs
    if (constants.has(output)) continue
    const inputs = node.inputs.map((name) => constants.get(name) ?? values.get(name))
    const value = evaluateNode(node, inputs, spend)
    elements += value.data.length
    needWithin(`dimensions of ${output}`, value.dims.length, limits.rank)
    needWithin('elements of activations', elements, limits.activations)
    const isConstant =
      node.operator === 'Shape' || node.inputs.every((name) => name === '' || constants.has(name))
    if (isConstant) constants.set(output, value)
    else values.set(output, value)
  }
  return values
}

function evaluateNode(node: OnnxNode, inputs: Inputs, spend: Spend): Tensor {
  const evaluator = Object.hasOwn(evaluators, node.operator) ? evaluators[node.operator] : undefined
  if (evaluator === undefined) {
    const supported = [...Object.keys(evaluators), ...fusedOperators, ...treeOperators].join(', ')
    return refuse(node, 'it', 'of a kind that programs do not have', supported)
  }
  const value = evaluator(node, inputs, spend)
  if (value.data.length > 0) return value
  throw new UnsupportedModelError(`node ${node.name}`, 'a tensor without elements', 'elements')
}
