import { encodeTrace, outputOf, type Program } from '@assay/tensor'
import { createEngine } from '@assay/tensor/fast'
import type { Hash } from 'viem'

import { commitmentOf } from '../inputs/commitmentOf.ts'
import type { Backend } from './backend.ts'

export type CreateExactBackendParameters = {
  modelVersion: Hash
  program: Program
}

/**
 * Creates the backend of an exact model: the fast engine in this process, or the reference where that is not exact.
 *
 * @example
 * const backend = createExactBackend({ modelVersion, program: await loadProgram({ folder }) })
 */
export function createExactBackend(parameters: CreateExactBackendParameters): Backend {
  const { modelVersion, program } = parameters
  const engine = createEngine(program, { unsupported: 'reference' })
  return {
    modelVersion,
    programRoot: program.tree.root,
    inputBytes: program.operators[0]!.rows * program.operators[0]!.rowBytes,
    commitInput: (input) => commitmentOf(program, input),
    async run(input, signal) {
      signal.throwIfAborted()
      const trace = engine.commit(input)
      return {
        output: outputOf(trace),
        evidenceHash: trace.evidenceHash,
        trace: encodeTrace(trace),
      }
    },
  }
}
