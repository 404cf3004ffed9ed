import { quantisationOf } from '../../../quantise/Quantisation.ts'
import { ModelFileError } from '../../errors.ts'
import type { Coding, Graph, Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import type { Trace } from '../traceModel.ts'
import type { Lowering } from './Lowering.ts'
import { storedCoding } from './storedCoding.ts'
import { takeTail } from './takeTail.ts'

export type CreateLoweringParameters = {
  model: OnnxModel
  trace: Trace
  graph: Graph
  /** Whether the trace is of samples, so that its ranges mean something. */
  isCalibrated: boolean
  /** Values that the program computes, to which lowering adds. */
  values: ReadonlyMap<string, Value>
  /** Says that a node is computed with one before it. */
  take: (node: OnnxNode) => void
  report: Lowering['report']
  /** Says that a range was measured, which no quantised model needs. */
  measure: () => void
}

/** Gives the lowering of nodes what it looks up in the model. */
export function createLowering(parameters: CreateLoweringParameters): Lowering {
  const { model, trace, graph, isCalibrated, values, take, report, measure } = parameters
  const readers = readersOf(model)
  const outputs = new Set(model.outputs.map(({ name }) => name))
  const constantOf = (name: string) => trace.get(name)?.constant
  const dimsOf = (name: string) => trace.get(name)?.dims ?? []

  /** What the model says of a value: all that read it quantise it, and in one way. */
  function statedOf(name: string): Coding | undefined {
    const all = readers.get(name) ?? []
    const isQuantised = all.length > 0 && all.every(({ operator }) => operator === 'QuantizeLinear')
    if (!isQuantised || outputs.has(name)) return undefined
    const codings = all.map((node) => storedCoding(node, { constantOf, dimsOf }))
    const [first] = codings
    const isOne = codings.every(({ scale, zero }) => scale === first!.scale && zero === first!.zero)
    return isOne ? first : undefined
  }

  function targetOf(node: OnnxNode, name: string, otherwise?: Coding): Coding {
    const stated = statedOf(name) ?? otherwise
    if (stated !== undefined) return stated
    const { min, max } = trace.get(name)!
    if (!isCalibrated) {
      refuse(node, `range of ${name}`, 'not stated', 'one QuantizeLinear, or calibration samples')
    }
    if (!Number.isFinite(min) || !Number.isFinite(max)) {
      refuse(node, `range of ${name}`, `${min} to ${max}`, 'finite')
    }
    measure()
    return { ...quantisationOf(min, max), isStored: false }
  }

  function onlyReader(name: string): OnnxNode | undefined {
    const [only, ...others] = readers.get(name) ?? []
    const isOnly = others.length === 0 && !outputs.has(name) && only?.inputs[0] === name
    return isOnly ? only : undefined
  }

  return {
    ...{ graph, constantOf, dimsOf, targetOf, report },
    takeTail(node, channels) {
      const lowering = { constantOf, dimsOf }
      const tail = takeTail({ node, channels, lowering, onlyReader, take })
      return { ...tail, coding: targetOf(node, tail.name) }
    },
    read(name) {
      const value = values.get(name)
      if (value === undefined) throw new ModelFileError(`value ${name}`, 'is not computed')
      return value
    },
  }
}

function readersOf({ nodes }: OnnxModel) {
  const readers = new Map<string, OnnxNode[]>()
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const list = readers.get(input) ?? []
      list.push(node)
      readers.set(input, list)
    }
  }
  return readers
}
