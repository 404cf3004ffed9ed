import { Worker } from 'node:worker_threads'

import type { Program } from '../../program/Program.ts'
import type { PoolReply, PoolRequest } from './engineWorker.ts'
import { EngineThreadError } from './errors.ts'

/** A thread that runs one request at a time. */
export type EngineThread = {
  run: (request: PoolRequest) => Promise<PoolReply>
  close: () => Promise<void>
}

/** Starts a thread that holds a program; it keeps the process alive only while it works. */
export function startEngineThread(program: Program): EngineThread {
  const workerData = { program }
  const worker = new Worker(new URL('./engineWorker.ts', import.meta.url), { workerData })
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  // Whoever runs a request hears of it; between requests nobody has to.
  failed.catch(() => undefined)
  worker.on('error', (cause) => fail(new EngineThreadError('An engine thread failed.', { cause })))
  worker.on('exit', () => fail(new EngineThreadError('An engine thread has ended.')))
  worker.unref()

  async function run(request: PoolRequest) {
    const { promise: replied, resolve } = Promise.withResolvers<PoolReply>()
    worker.once('message', resolve)
    worker.ref()
    worker.postMessage(request)
    try {
      return await Promise.race([replied, failed])
    } finally {
      worker.unref()
    }
  }
  return { run, close: async () => void (await worker.terminate()) }
}
