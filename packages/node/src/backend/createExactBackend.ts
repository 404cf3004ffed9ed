import {
  encodeTrace,
  executeTrace,
  hashInput,
  InputLengthError,
  outputOf,
  type Program,
} from '@assay/tensor'
import type { Hash } from 'viem'

import type { Backend } from './backend.ts'

export type CreateExactBackendParameters = {
  modelVersion: Hash
  program: Program
}

/**
 * Creates the backend of an exact model: the engine in this process.
 *
 * @example
 * const backend = createExactBackend({ modelVersion, program: await loadProgram({ folder }) })
 */
export function createExactBackend(parameters: CreateExactBackendParameters): Backend {
  const { modelVersion, program } = parameters
  return {
    modelVersion,
    programRoot: program.tree.root,
    commitInput(input) {
      try {
        return hashInput(program, input)
      } catch (error) {
        if (error instanceof InputLengthError) return undefined
        throw error
      }
    },
    async run(input, signal) {
      signal.throwIfAborted()
      const trace = executeTrace(program, input)
      return {
        output: outputOf(trace),
        evidenceHash: trace.evidenceHash,
        trace: encodeTrace(trace),
      }
    },
  }
}
