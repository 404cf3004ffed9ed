import { ModelFileError, ModelLimitError, UnsupportedModelError } from '../errors.ts'
import { checkedBuffer } from './checkedBuffer.ts'
import { Model, type Operator, type SubGraph } from './generated/tflite_generated.ts'
import { nameOfBuiltin } from './names.ts'
import { readTensor } from './readTensor.ts'
import type { TfliteModel, TfliteOperator } from './TfliteModel.ts'

/** The one schema version that has ever had the identifier `TFL3`. */
const schemaVersion = 3

/** What a model file may have at most, before anything is made of it. */
export const fileLimits = {
  bytes: 2 ** 26,
  operators: 4_096,
  tensors: 16_384,
  /** Inputs or outputs of one operator. */
  operands: 64,
}

/**
 * Reads the main graph of a model file in the LiteRT format; throws `ImportError` on anything truncated, corrupt or too
 * large. Whether programs have its operators is not looked at.
 */
export function readModel(bytes: Uint8Array): TfliteModel {
  needWithin('bytes', bytes.length, fileLimits.bytes)
  const model = Model.getRootAsModel(checkedBuffer(bytes))
  const version = model.version()
  if (version !== schemaVersion) {
    throw new UnsupportedModelError('schema version', String(version), String(schemaVersion))
  }
  const graph = model.subgraphs(0)
  if (model.subgraphsLength() === 0 || graph === null) {
    throw new ModelFileError('structure', 'has no graph')
  }

  needWithin('tensors', graph.tensorsLength(), fileLimits.tensors)
  needWithin('operators', graph.operatorsLength(), fileLimits.operators)
  const budget = { scales: bytes.length }
  const tensors = Array.from({ length: graph.tensorsLength() }, (_, index) =>
    readTensor({ model, graph, index, budget }),
  )
  const read = { model, graph, tensors: tensors.length }
  return {
    tensors,
    operators: Array.from({ length: graph.operatorsLength() }, (_, index) =>
      readOperator({ ...read, index }),
    ),
    inputs: readIndices('inputs', graph.inputsLength(), (i) => graph.inputs(i), tensors.length),
    outputs: readIndices('outputs', graph.outputsLength(), (i) => graph.outputs(i), tensors.length),
  }
}

type ReadOperatorParameters = {
  model: Model
  graph: SubGraph
  index: number
  /** Number of tensors in the graph. */
  tensors: number
}

function readOperator(parameters: ReadOperatorParameters): TfliteOperator {
  const { model, graph, index, tensors } = parameters
  const operator = graph.operators(index)!
  const subject = `operator ${index}`
  return {
    index,
    name: nameOf(model, operator, subject),
    inputs: readIndices(
      subject,
      operator.inputsLength(),
      (i) => operator.inputs(i),
      tensors,
      operator.inputsLength() > 0 ? -1 : 0,
    ),
    outputs: readIndices(subject, operator.outputsLength(), (i) => operator.outputs(i), tensors),
    optionsType: operator.builtinOptionsType(),
    options: operator.builtinOptions(),
  }
}

function nameOf(model: Model, operator: Operator, subject: string) {
  const index = operator.opcodeIndex()
  if (index >= model.operatorCodesLength()) {
    throw new ModelFileError(subject, `names operator code ${index}, which is missing`)
  }
  const code = model.operatorCodes(index)!
  // Files from before the wider field have only the narrow one, and later ones repeat it there.
  const name = nameOfBuiltin(Math.max(code.deprecatedBuiltinCode(), code.builtinCode()))
  return name === 'CUSTOM' ? `CUSTOM ${JSON.stringify(code.customCode() ?? '')}` : name
}

function readIndices(
  subject: string,
  length: number,
  at: (i: number) => number | null,
  tensors: number,
  least = 0,
) {
  needWithin(`operands of ${subject}`, length, fileLimits.operands)
  return Array.from({ length }, (_, i) => {
    const index = at(i)!
    if (index < least || index >= tensors) {
      throw new ModelFileError(subject, `names tensor ${index} of ${tensors}`)
    }
    return index
  })
}

function needWithin(subject: string, found: number, limit: number) {
  if (found > limit) throw new ModelLimitError(subject, found, limit)
}
