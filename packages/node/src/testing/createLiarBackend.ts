import {
  commitTrace,
  computeTensor,
  encodeTrace,
  execute,
  outputOf,
  type Program,
  type Tensor,
} from '@assay/tensor'
import type { Hash } from 'viem'

import type { Backend } from '../backend/backend.ts'
import { createExactBackend } from '../backend/createExactBackend.ts'

export type CreateLiarBackendParameters = {
  modelVersion: Hash
  program: Program
  /** Whether to lie about an input; about every one by default. */
  isLying?: (input: Uint8Array) => boolean
  /** Element to change, which must change the output; by default the first that makes another class win. */
  element?: { tensor: number; column: number }
}

/**
 * Creates a backend that lies as well as it can: it changes one hidden element and computes everything after it as it
 * should, so that the output is wrong and only that one element contradicts the rest of the committed trace.
 */
export function createLiarBackend(parameters: CreateLiarBackendParameters): Backend {
  const { program, isLying = () => true, element } = parameters
  const honest = createExactBackend(parameters)
  return {
    ...honest,
    async run(input, signal) {
      const tensors = isLying(input) ? bend(program, input, element) : undefined
      if (tensors === undefined) return honest.run(input, signal)
      const trace = commitTrace(
        program,
        tensors.map((bytes, i) => rowsOf(program, i, bytes)),
      )
      return {
        output: outputOf(trace),
        evidenceHash: trace.evidenceHash,
        trace: encodeTrace(trace),
      }
    },
  }
}

/** Returns the tensors of an execution with a single change that makes the output wrong, and another class win if one can. */
function bend(
  program: Program,
  input: Uint8Array,
  element: CreateLiarBackendParameters['element'],
): Uint8Array[] | undefined {
  const honest = execute(program, input)
  if (element !== undefined) return continueFrom(program, honest, element.tensor, element.column)
  const output = honest.at(-1)!
  let wrong: Uint8Array[] | undefined
  for (let tensor = 1; tensor < honest.length; tensor++) {
    for (const column of honest[tensor]!.keys()) {
      const bent = continueFrom(program, honest, tensor, column)
      const claimed = bent.at(-1)!
      if (winnerOf(claimed) !== winnerOf(output)) return bent
      if (claimed.some((byte, i) => byte !== output[i])) wrong ??= bent
    }
  }
  return wrong
}

/** Returns the class with the highest score; the first of equals. */
function winnerOf(scores: Uint8Array): number {
  return scores.indexOf(Math.max(...scores))
}

function continueFrom(program: Program, honest: Uint8Array[], tensor: number, column: number) {
  const tensors = honest.slice(0, tensor + 1)
  tensors[tensor] = tensors[tensor]!.with(column, tensors[tensor]![column]! ^ 0x80)
  for (let next = tensor + 1; next < program.operators.length; next++) {
    tensors.push(computeTensor(program, next, tensors))
  }
  return tensors
}

function rowsOf({ operators }: Program, tensor: number, bytes: Uint8Array): Tensor {
  const { rows, rowBytes } = operators[tensor]!
  return Array.from({ length: rows }, (_, row) =>
    bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
  )
}
