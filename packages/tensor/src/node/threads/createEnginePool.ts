import { availableParallelism } from 'node:os'

import { InputLengthError } from '../../engine/errors.ts'
import { extentOf, readTrace } from '../../fast/readTrace.ts'
import type { Program } from '../../program/Program.ts'
import type { Trace } from '../../trace/Trace.ts'
import { createThreadQueue } from './createThreadQueue.ts'
import type { PoolRequest } from './engineWorker.ts'
import { startEngineThread } from './startEngineThread.ts'

export type CreateEnginePoolOptions = {
  program: Program
  /** Default: as many as the machine runs at once. */
  threads?: number
}

export type BatchOptions = {
  /** Rejects, and leaves out the inputs that no thread has begun with. */
  signal?: AbortSignal
}

/** Engines of one program on threads of their own. */
export type EnginePool = {
  threads: number
  /** Returns the output of every input, in order. */
  answer: (inputs: readonly Uint8Array[], options?: BatchOptions) => Promise<Uint8Array[]>
  /** Returns the trace of every input, in order. */
  commit: (inputs: readonly Uint8Array[], options?: BatchOptions) => Promise<Trace[]>
  /** Ends the threads; what is not finished rejects. */
  close: () => Promise<void>
}

/**
 * Starts threads that each hold the program; inputs of a batch go to whichever is free.
 *
 * @example
 * const pool = createEnginePool({ program })
 * const traces = await pool.commit(inputs, { signal: AbortSignal.timeout(60_000) })
 * await pool.close()
 */
export function createEnginePool(options: CreateEnginePoolOptions): EnginePool {
  const { program, threads = availableParallelism() } = options
  const { rows, rowBytes } = program.operators[0]!
  const needed = rows * rowBytes
  const queue = createThreadQueue(Array.from({ length: threads }, () => startEngineThread(program)))

  async function runAll(
    mode: PoolRequest['mode'],
    inputs: readonly Uint8Array[],
    rest?: BatchOptions,
  ) {
    const wrong = inputs.find(({ length }) => length !== needed)
    if (wrong !== undefined) throw new InputLengthError(wrong.length, needed)
    rest?.signal?.throwIfAborted()
    // A copy: sending a view would send all of the memory behind it.
    return Promise.all(
      inputs.map((input) => queue.add({ mode, input: input.slice() }, rest?.signal)),
    )
  }

  return {
    threads,
    answer: async (inputs, rest) => {
      const replies = await runAll('answer', inputs, rest)
      return replies.map(({ bytes }) => bytes)
    },
    commit: async (inputs, rest) => {
      const replies = await runAll('commit', inputs, rest)
      return replies.map(({ layout, bytes }) =>
        readTrace(layout, { base: extentOf(layout).base, bytes }),
      )
    },
    close: queue.close,
  }
}
