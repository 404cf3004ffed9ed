import type { PoolReply, PoolRequest } from './engineWorker.ts'
import { EngineThreadError } from './errors.ts'
import type { EngineThread } from './startEngineThread.ts'

type Job = PromiseWithResolvers<PoolReply> & { request: PoolRequest }

/** Gives requests to whichever thread is free, in order. */
export function createThreadQueue(threads: readonly EngineThread[]) {
  const idle = [...threads]
  const waiting: Job[] = []
  let failure: unknown

  async function work(thread: EngineThread, { request, resolve, reject }: Job) {
    try {
      resolve(await thread.run(request))
      idle.push(thread)
      assign()
    } catch (error) {
      reject(error)
      fail(error)
    }
  }

  function assign() {
    while (waiting.length > 0 && idle.length > 0) void work(idle.pop()!, waiting.shift()!)
  }

  /** A thread fails on what the others would fail on too, so all that waits fails with it. */
  function fail(error: unknown) {
    failure ??= error
    for (const { reject } of waiting.splice(0)) reject(failure)
  }

  function add(request: PoolRequest, signal?: AbortSignal): Promise<PoolReply> {
    if (failure !== undefined) return Promise.reject(failure)
    const job: Job = { request, ...Promise.withResolvers<PoolReply>() }
    const onAbort = () => {
      const index = waiting.indexOf(job)
      if (index !== -1) waiting.splice(index, 1)
      job.reject(signal!.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    waiting.push(job)
    assign()
    return job.promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  async function close() {
    fail(new EngineThreadError('The pool was closed.'))
    await Promise.all(threads.map((thread) => thread.close()))
  }

  return { add, close }
}
