import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import { engineOf } from '../../fast/createFastEngine.ts'
import { createRunner, type Runner } from '../../fast/createRunner.ts'
import type { Engine } from '../../fast/Engine.ts'
import { instantiateKernels } from '../../fast/instantiateKernels.ts'
import { extentOf, readTrace } from '../../fast/readTrace.ts'
import { ensureExact } from '../../fast/selfCheck.ts'
import type { Program } from '../../program/Program.ts'
import { EngineThreadError, HashThreadTimeoutError } from './errors.ts'
import { createChannel, type HashWorkerData } from './hashChannel.ts'

/** An engine that hashes on a thread of its own. */
export type ThreadedEngine = Engine & {
  /** Ends the thread; nothing can be committed to afterwards. */
  close: () => Promise<void>
}

export type CreateThreadedEngineOptions = {
  /** How long a commitment may take. */
  timeoutMs?: number
}

/**
 * Creates a fast engine whose `commit` hashes every tensor on a second thread while the next ones are computed: what
 * commitment adds is little more than handing tensors over, as long as the machine has a core to spare.
 *
 * @example
 * const engine = await createThreadedEngine(program)
 * const { evidenceHash } = engine.commit(input)
 * await engine.close()
 */
export async function createThreadedEngine(
  program: Program,
  options: CreateThreadedEngineOptions = {},
): Promise<ThreadedEngine> {
  const { timeoutMs = 60_000 } = options
  ensureExact(instantiateKernels)
  const runner = createRunner(program, instantiateKernels())
  const shapes = program.operators.map(({ rows, rowBytes }) => ({ rows, rowBytes }))
  const shared = new SharedArrayBuffer(createChannel.bytes(extentOf(runner.layout).length))
  const workerData: HashWorkerData = { shapes, shared }
  const worker = new Worker(new URL('./hashWorker.ts', import.meta.url), { workerData })
  try {
    await once(worker, 'message')
  } catch (cause) {
    throw new EngineThreadError('The thread that commits to tensors did not start.', { cause })
  }
  worker.unref()
  return {
    ...engineOf(runner),
    commit: createCommit(runner, shared, timeoutMs),
    close: async () => void (await worker.terminate()),
  }
}

function createCommit({ layout, run, view }: Runner, shared: SharedArrayBuffer, timeoutMs: number) {
  const { base, length } = extentOf(layout)
  const channel = createChannel(shared)
  return (input: Uint8Array) => {
    run(input, (tensor) => {
      channel.memory.set(view(tensor), layout.places[tensor]!.address - base)
      channel.publish()
    })
    if (!channel.awaitFinished(timeoutMs)) throw new HashThreadTimeoutError(timeoutMs)
    return readTrace(layout, { base, bytes: channel.memory.slice(0, length) })
  }
}
