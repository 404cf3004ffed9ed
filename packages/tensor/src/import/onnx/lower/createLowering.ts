import { quantisationOf } from '../../../quantise/Quantisation.ts'
import { ModelFileError } from '../../errors.ts'
import type { Coding, Graph, Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import type { Trace } from '../traceModel.ts'
import { createReaders } from './createReaders.ts'
import type { Lowering } from './Lowering.ts'
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
  const constantOf = (name: string) => trace.get(name)?.constant
  const dimsOf = (name: string) => trace.get(name)?.dims ?? []
  const { onlyReader, statedOf } = createReaders(model, { constantOf, dimsOf })

  function targetOf(node: OnnxNode, name: string, otherwise?: Coding): Coding {
    const stated = statedOf(name) ?? otherwise
    if (stated !== undefined) return stated
    const { min, max } = trace.get(name)!
    if (!isCalibrated) {
      refuse(
        node,
        `range of ${name}`,
        'not stated',
        'one QuantizeLinear, or calibration samples (--calibrate)',
      )
    }
    if (!Number.isFinite(min) || !Number.isFinite(max)) {
      refuse(node, `range of ${name}`, `${min} to ${max}`, 'finite')
    }
    measure()
    return { ...quantisationOf(min, max), isStored: false }
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
