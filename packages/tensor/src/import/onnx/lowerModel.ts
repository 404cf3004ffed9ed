import { product } from '../dims.ts'
import type { Difference, Fidelity, ImportedModel, ModelOperator } from '../ImportedModel.ts'
import { createGraph, naturalOrder } from './createGraph.ts'
import { describe, inputCoding, type ModelEnds } from './ends.ts'
import type { Value } from './Graph.ts'
import { isPlain, rowMajor } from './layout.ts'
import { createLowering } from './lower/createLowering.ts'
import type { Lowering } from './lower/Lowering.ts'
import { lowerings } from './lower/lowerings.ts'
import { refuse } from './node.ts'
import type { OnnxModel, OnnxNode } from './OnnxModel.ts'
import type { Trace } from './traceModel.ts'

export type LowerModelParameters = {
  model: OnnxModel
  ends: ModelEnds
  trace: Trace
  /** Inputs that the trace is of; 0 if its ranges mean nothing. */
  samples: number
}

/** Makes a program of a model node by node. */
export function lowerModel({ model, ends, trace, samples }: LowerModelParameters): ImportedModel {
  const { graph, shape } = startGraph(ends.dims)
  const values = new Map<string, Value>()
  const taken: OnnxNode[] = []
  const differences: Difference[] = []
  let isMeasured = false
  const lowering = createLowering({
    ...{ model, trace, graph, isCalibrated: samples > 0, values },
    take: (node) => taken.push(node),
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
    if (isConstant || taken.includes(node)) continue
    const count = taken.length
    const { name, value } = lowerNode(node, lowering)
    values.set(name, value)
    const together = [node, ...taken.slice(count)].filter(({ isPart }) => isPart !== true)
    operators.push(...together.map((each) => describeNode(each, value)))
  }
  const last = lowering.read(ends.output.name)
  const { order, split } = naturalOrder(last.dims)
  const end = isPlain(last.layout) ? last : graph.arrange(last, order, split)
  graph.end(end)
  return {
    input: describe(ends.input, start),
    output: describe(ends.output, end),
    operators,
    parameters: { input: shape, layers: graph.list },
    fidelity: fidelityOf(isMeasured ? samples : 0, differences),
  }
}

function describeNode({ index, label }: OnnxNode, { dims, tensor }: Value): ModelOperator {
  return { index, operator: label, shape: dims, type: 'INT8', tensor }
}

/** Starts a program that reads the input of a model in the model's order. */
function startGraph(dims: readonly number[]) {
  const { split } = naturalOrder(dims)
  const shape = { rows: product(dims.slice(0, split)), rowBytes: product(dims.slice(split)) }
  return { graph: createGraph(shape), shape }
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
