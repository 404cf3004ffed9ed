import { UnsupportedOperatorError } from '../errors.ts'
import type { ElementType, ImportedModel, ModelOperator, ModelTensor } from '../ImportedModel.ts'
import { createGraph } from './createGraph.ts'
import { type Edge, inputEdge, outputEdge } from './edges.ts'
import type { Graph, Value } from './Graph.ts'
import { lowerings } from './lower/lowerings.ts'
import { type Node, refuse } from './node.ts'
import { readModel } from './readModel.ts'
import { shapeOf } from './shapeOf.ts'
import type { TfliteModel, TfliteOperator } from './TfliteModel.ts'

/** What manifests say of models that were made here; the number grows when the same file gives another program. */
export const tfliteImporter = 'tflite-1'

/**
 * Makes a program of a full-integer LiteRT model that computes what the int8 reference kernels do, to the bit. What has no
 * exact counterpart throws an `UnsupportedOperatorError` that names it, and a file that is truncated or contradicts itself
 * a `ModelFileError`; both are `ImportError`.
 *
 * @example
 * const model = importTflite(await readFile('resnet8.tflite'))
 * const program = composeProgram(model.parameters)
 */
export function importTflite(bytes: Uint8Array): ImportedModel {
  const model = readModel(bytes)
  const input = inputEdge(model)
  const output = outputEdge(model)
  const shape = shapeOf(input.tensor.dims)
  const graph = createGraph(shape)
  graph.place(input.tensor, { tensor: 0, ...shape })

  const operators = model.operators.map((operator): ModelOperator => {
    const node = nodeOf(model, operator)
    const value = lower(node, graph, input, output)
    const { dims, type } = node.output
    return { ...named(operator), shape: dims, type: type as ElementType, tensor: value.tensor }
  })
  graph.end(graph.read(output.tensor))
  return {
    input: describe(input),
    output: describe(output),
    operators,
    parameters: { input: shape, layers: graph.layers },
    fidelity: { kind: 'exact' },
  }
}

function lower(node: Node, graph: Graph, input: Edge, output: Edge): Value {
  const { operator } = node
  if (operator === input.operator || operator === output.operator) {
    // Bytes that the program has already: int8 on the inner side of an edge of floats.
    return graph.read(operator === input.operator ? input.tensor : output.tensor)
  }
  const lowering = Object.hasOwn(lowerings, operator.name) ? lowerings[operator.name] : undefined
  if (lowering === undefined) {
    const supported = [...Object.keys(lowerings), 'DEQUANTIZE at the end'].join(', ')
    return refuse(node, 'it', 'of a kind that programs do not have', supported)
  }
  const value = graph.reshape(lowering(node, graph), shapeOf(node.output.dims))
  graph.place(node.output, value)
  return value
}

function nodeOf(model: TfliteModel, operator: TfliteOperator): Node {
  const { inputs, outputs } = operator
  const [output] = outputs
  if (output === undefined || outputs.length !== 1) {
    throw new UnsupportedOperatorError({
      operator: operator.name,
      node: operator.index,
      subject: 'number of its outputs',
      found: String(outputs.length),
      supported: '1',
    })
  }
  return {
    operator,
    inputs: inputs.map((input) => model.tensors[input]),
    output: model.tensors[output]!,
  }
}

function named({ index, name }: TfliteOperator) {
  return { index, operator: name }
}

function describe({ outer, quantised }: Edge): ModelTensor {
  const { name, dims, type } = outer
  return { name, shape: dims, type: type as ElementType, ...quantised }
}
