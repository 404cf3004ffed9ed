import { execute } from '../engine/execute.ts'
import type { Program } from '../program/Program.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import { createFastEngine } from './createFastEngine.ts'
import type { Engine } from './Engine.ts'
import { FastEngineError } from './errors.ts'
import { instantiateKernels } from './instantiateKernels.ts'
import type { Kernels } from './Kernels.ts'
import { ensureExact } from './selfCheck.ts'

export type CreateEngineOptions = {
  /** What to do where the fast engine cannot run, or is not exact: throw, or use the reference. Default: throw. */
  unsupported?: 'throw' | 'reference'
  /** Returns kernels with a memory of their own. Default: those of this package. */
  instantiate?: () => Kernels
}

/**
 * Creates an engine that gives the bytes of the reference, to the bit.
 *
 * @example
 * const engine = createEngine(program)
 * const { evidenceHash } = engine.commit(input)
 */
export function createEngine(program: Program, options: CreateEngineOptions = {}): Engine {
  const { unsupported = 'throw', instantiate = instantiateKernels } = options
  try {
    ensureExact(instantiate)
    return createFastEngine(program, instantiate())
  } catch (error) {
    if (unsupported === 'reference' && error instanceof FastEngineError) {
      return createReferenceEngine(program)
    }
    throw error
  }
}

function createReferenceEngine(program: Program): Engine {
  return {
    kind: 'reference',
    execute: (input) => execute(program, input),
    answer: (input) => execute(program, input).at(-1)!,
    commit: (input) => executeTrace(program, input),
    memoryBytes: 0,
  }
}
