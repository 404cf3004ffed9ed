import { product } from '../dims.ts'
import { ElementsLengthError } from '../errors.ts'
import type { Difference, Fidelity, ImportedModel, ModelOperator } from '../ImportedModel.ts'
import { createGraph, naturalOrder } from './createGraph.ts'
import { describe, endsOf, inputCoding, type ModelEnds } from './ends.ts'
import type { Value } from './Graph.ts'
import { rowMajor } from './layout.ts'
import { createLowering } from './lower/createLowering.ts'
import type { Lowering } from './lower/Lowering.ts'
import { lowerings } from './lower/lowerings.ts'
import { refuse } from './node.ts'
import type { OnnxModel, OnnxNode } from './OnnxModel.ts'
import { readModel } from './readModel.ts'
import { type Trace, traceModel } from './traceModel.ts'

/** What manifests say of models that were made here; the number grows when the same file gives another program. */
export const onnxImporter = 'onnx-1'

export type ImportOnnxOptions = {
  /** Inputs in row-major order whose activations set the ranges; needed where the model is not quantised. */
  calibration?: readonly Float32Array[]
}

/**
 * Makes a program of an ONNX model. Quantised models (QDQ, QLinear) keep their scales and integers; of models in floating
 * point, weights are quantised for each output channel and activations over the ranges that `calibration` shows. What
 * programs do not have throws an `UnsupportedOperatorError` that names it, and a file that is truncated or contradicts
 * itself a `ModelFileError`; both are `ImportError`.
 *
 * @example
 * const model = importOnnx(await readFile('cnn.onnx'), { calibration: samples })
 * const program = composeProgram(model.parameters)
 */
export function importOnnx(bytes: Uint8Array, options: ImportOnnxOptions = {}): ImportedModel {
  const { calibration = [] } = options
  const model = readModel(bytes)
  const ends = endsOf(model)
  const elements = product(ends.dims)
  const wrong = calibration.find((sample) => sample.length !== elements)
  if (wrong !== undefined) throw new ElementsLengthError(4 * wrong.length, 4 * elements)
  const isCalibrated = calibration.length > 0
  const trace = traceModel(model, isCalibrated ? calibration : [new Float32Array(elements)])
  return lowerModel({ model, ends, trace, samples: calibration.length })
}

type LowerModelParameters = {
  model: OnnxModel
  ends: ModelEnds
  trace: Trace
  samples: number
}

function lowerModel({ model, ends, trace, samples }: LowerModelParameters): ImportedModel {
  const { split } = naturalOrder(ends.dims)
  const shape = {
    rows: product(ends.dims.slice(0, split)),
    rowBytes: product(ends.dims.slice(split)),
  }
  const graph = createGraph(shape)
  const values = new Map<string, Value>()
  const taken = new Set<OnnxNode>()
  const differences: Difference[] = []
  let isMeasured = false
  const lowering = createLowering({
    ...{ model, trace, graph, isCalibrated: samples > 0, values },
    take: (node) => taken.add(node),
    report: ({ index, label }, found) => differences.push({ index, operator: label, found }),
    measure: () => {
      isMeasured = true
    },
  })
  const coding = inputCoding(model, ends, lowering)
  const start: Value = { tensor: 0, ...shape, dims: ends.dims, layout: rowMajor(ends.dims), coding }
  values.set(ends.input.name, start)

  const operators: ModelOperator[] = []
  for (const node of model.nodes) {
    const isConstant = trace.get(node.outputs[0] ?? '')?.constant !== undefined
    if (isConstant || taken.has(node)) continue
    const { name, value } = lowerNode(node, lowering)
    values.set(name, value)
    const { index, label } = node
    const { dims, tensor } = value
    operators.push({ index, operator: label, shape: dims, type: 'INT8', tensor })
  }

  const last = lowering.read(ends.output.name)
  const end = graph.arrange(last, naturalOrder(last.dims).order, naturalOrder(last.dims).split)
  graph.end(end)
  return {
    input: describe(ends.input, start),
    output: describe(ends.output, end),
    operators,
    parameters: { input: shape, layers: graph.list },
    fidelity: fidelityOf(isMeasured ? samples : 0, differences),
  }
}

function lowerNode(node: OnnxNode, lowering: Lowering) {
  const lower = Object.hasOwn(lowerings, node.operator) ? lowerings[node.operator] : undefined
  if (lower !== undefined) return lower(node, lowering)
  const supported = Object.keys(lowerings).join(', ')
  return refuse(node, 'it', 'of a kind that programs do not compute', supported)
}

function fidelityOf(samples: number, differences: readonly Difference[]): Fidelity {
  if (samples > 0) return { kind: 'calibrated', samples }
  return differences.length > 0 ? { kind: 'rounded', differences } : { kind: 'exact' }
}
