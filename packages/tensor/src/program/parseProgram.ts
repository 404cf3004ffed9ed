import { buildTree } from '@assay/protocol/tree'
import type { Hash } from 'viem'

import { decodeOperators } from './decodeOperators.ts'
import { decodeWeights } from './decodeWeights.ts'
import { ProgramLimitError, ProgramRootError, WeightsExcessError } from './errors.ts'
import type { Operator } from './Operator.ts'
import type { Program, Weights } from './Program.ts'
import { weightShape } from './weightShape.ts'

/** What a program may take at most. A trace is what one execution holds in memory. */
export type ProgramLimits = {
  operators: number
  /** Of all tensors and weights: each is a leaf that is hashed. */
  rows: number
  traceBytes: number
  weightBytes: number
}

export type ParseProgramParameters = {
  /** Encoded operators, leaf 0 first. */
  descriptors: readonly Uint8Array[]
  /** Weight rows of all operators, concatenated. */
  weights: Uint8Array
  /** Root that the program must have. */
  root?: Hash
  limits?: ProgramLimits
}

export const defaultLimits: ProgramLimits = {
  operators: 4_096,
  rows: 2 ** 20,
  traceBytes: 2 ** 26,
  weightBytes: 2 ** 26,
}

/**
 * Validates a program and decodes its weights.
 *
 * @example
 * const program = parseProgram({ descriptors, weights, root: await registry.read.rootOf([…]) })
 */
export function parseProgram(parameters: ParseProgramParameters): Program {
  const { descriptors, weights: bytes, root, limits = defaultLimits } = parameters
  needWithin('operators', descriptors.length - 1, limits.operators)
  const operators = decodeOperators(descriptors)
  // Before anything is allocated: a descriptor of 50 bytes can ask for 2^64.
  needWithin('rows', sum(operators.map(rowsOf)), limits.rows)
  needWithin('bytes of trace', sum(operators.map(sizeOf)), limits.traceBytes)
  needWithin('bytes of weights', sum(operators.map(weightsLength)), limits.weightBytes)

  const tree = buildTree('PRG1', descriptors)
  if (root !== undefined && tree.root !== root) throw new ProgramRootError(tree.root, root)
  return { operators, descriptors, weights: splitWeights(operators, bytes), tree }
}

function splitWeights(operators: readonly Operator[], bytes: Uint8Array) {
  let offset = 0
  const weights = operators.map((operator, index): Weights | undefined => {
    const shape = weightShape(operator)
    if (shape === undefined || !('weightsRoot' in operator)) return undefined
    const decoded = decodeWeights({ index, operator, shape, bytes: bytes.subarray(offset) })
    offset += weightsLength(operator)
    return decoded
  })
  if (offset !== bytes.length) throw new WeightsExcessError(bytes.length, offset)
  return weights
}

function rowsOf(operator: Operator) {
  return operator.rows + (weightShape(operator)?.count ?? 0)
}

function sizeOf(operator: Operator) {
  return operator.rows * operator.rowBytes
}

function weightsLength(operator: Operator) {
  const shape = weightShape(operator)
  return shape === undefined ? 0 : shape.count * shape.length
}

function sum(values: readonly number[]) {
  return values.reduce((total, value) => total + value, 0)
}

function needWithin(subject: string, found: number, limit: number) {
  if (found > limit) throw new ProgramLimitError(subject, found, limit)
}
