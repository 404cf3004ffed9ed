import { ElementsLengthError, UnsupportedModelError } from '../../errors.ts'
import { dimsOf } from '../ends.ts'
import { refuse } from '../node.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import type { OnnxFile } from '../openOnnx.ts'
import { evaluateEnsemble } from './evaluateEnsemble.ts'
import { lowerEnsemble } from './lowerEnsemble.ts'
import { classifier, readEnsemble, treeOperators } from './readEnsemble.ts'

/** Operators that may stand behind trees: they pass scores on, or make a label of them. */
const followers = ['ai.onnx.ml.ZipMap', 'Cast', 'Identity']

/** Whether a model has trees. */
export function hasTrees({ nodes }: OnnxModel): boolean {
  return nodes.some(isTrees)
}

/** Reads a model that is one ensemble of trees over its input; the program returns the scores, not the label. */
export function openEnsemble(model: OnnxModel): OnnxFile {
  const node = model.nodes.find(isTrees)!
  const [input] = model.inputs
  if (input === undefined || model.inputs.length !== 1) {
    throw new UnsupportedModelError('inputs', String(model.inputs.length), '1')
  }
  if (input.type !== 'FLOAT') throw new UnsupportedModelError('input', input.type, 'FLOAT')
  if (node.inputs[0] !== input.name) {
    refuse(node, 'its input', node.inputs[0] ?? 'nothing', `the model's, ${input.name}`)
  }
  needFollowers(model, node)
  const shape = dimsOf(input)
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new UnsupportedModelError('shape of the input', `[${shape.join(', ')}]`, '[1, features]')
  }
  const output = node.outputs[node.operator === classifier ? 1 : 0] ?? ''
  const ensemble = readEnsemble(node)
  const features = shape[1]!
  return {
    input: { name: input.name, shape, type: 'FLOAT32' },
    toProgram: () => lowerEnsemble({ ensemble, input: { name: input.name, shape }, output }),
    evaluate(data) {
      if (data.length !== features) throw new ElementsLengthError(4 * data.length, 4 * features)
      return evaluateEnsemble(ensemble, data)
    },
  }
}

function isTrees({ operator }: OnnxNode): boolean {
  return treeOperators.includes(operator)
}

function needFollowers({ nodes }: OnnxModel, trees: OnnxNode) {
  for (const node of nodes) {
    if (node === trees || followers.includes(node.operator)) continue
    refuse(node, 'it', 'beside trees', `${followers.join(', ')} behind one ensemble of trees`)
  }
}
