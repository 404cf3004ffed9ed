import type { Answer, RoutedRequest } from './answer.ts'
import type { Ask } from './createAsker.ts'
import { AttemptError } from './failure.ts'
import type { Rated } from './rank.ts'

/** An attempt under way. */
export type Run = { rated: Rated /** Why this upstream is asked. */; reason: string }

/** How an attempt ended, or that none has ended yet. */
export type Settled =
  | { kind: 'answered'; run: Run; answer: Answer }
  | { kind: 'failed'; run: Run; error: AttemptError }
  | { kind: 'late' }

type Live = { controller: AbortController; ended: Promise<Settled> }

/** Creates the attempts of one request that run side by side. */
export function createRuns(ask: Ask, request: RoutedRequest) {
  const live = new Map<Run, Live>()

  function begin(run: Run) {
    const controller = new AbortController()
    const ended = ask(run.rated, request, controller.signal).then(
      (answer): Settled => ({ kind: 'answered', run, answer }),
      (error: unknown): Settled => {
        if (error instanceof AttemptError) return { kind: 'failed', run, error }
        throw error
      },
    )
    // A loser's refusal by the key's budget is nobody's concern; while it runs, `next` sees it.
    ended.catch(() => undefined)
    live.set(run, { controller, ended })
  }

  /** Returns how the first of them ended, or `late` after `waitMs`. Throws `RequestError`. */
  async function next(waitMs: number): Promise<Settled> {
    const { promise, resolve } = Promise.withResolvers<Settled>()
    const timer = setTimeout(() => resolve({ kind: 'late' }), Math.max(0, waitMs))
    try {
      const settled = await Promise.race([...[...live.values()].map(({ ended }) => ended), promise])
      if (settled.kind !== 'late') live.delete(settled.run)
      return settled
    } finally {
      clearTimeout(timer)
    }
  }

  /** Stops all that still run. One that answers at this very moment is stopped as well, and not paid. */
  function callOff(message: string) {
    if (live.size === 0) return
    const reason = new AttemptError('cancelled', message)
    for (const { controller, ended } of live.values()) {
      controller.abort(reason)
      ended.then(
        (settled) => {
          if (settled.kind !== 'answered' || settled.answer.kind !== 'stream') return
          settled.answer.fail(reason)
        },
        () => undefined,
      )
    }
    live.clear()
  }

  return {
    begin,
    next,
    callOff,
    count: () => live.size,
    rated: () => [...live.keys()].map((run) => run.rated),
  }
}

/** Waits; throws what the signal carries if it aborts first. */
export function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  if (waitMs <= 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave)
      resolve()
    }, waitMs)
    signal.addEventListener('abort', leave, { once: true })
  })
}
