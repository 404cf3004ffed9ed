import type { Clock } from '../support/clock.ts'
import { createWatchdog, type Watchdog } from './createWatchdog.ts'
import type { ServedAnswer } from './servedBackend.ts'

export type AnswerWatchedParameters = {
  clock: Pick<Clock, 'elapsed' | 'sleep'>
  /** Aborts when nobody waits for the answer any more. */
  signal: AbortSignal
  /** Milliseconds for the whole answer. */
  totalMs: number
  ask: (watchdog: Watchdog) => Promise<ServedAnswer>
  /** Puts what was thrown into the terms of this package. */
  toError: (error: unknown, signal: AbortSignal) => unknown
}

/** Asks an upstream under a watchdog that goes on until the answer is whole, and leaves nothing open where it fails. */
export async function answerWatched(parameters: AnswerWatchedParameters): Promise<ServedAnswer> {
  const { clock, signal, totalMs, ask, toError } = parameters
  const watchdog = createWatchdog(clock, signal, totalMs)
  try {
    const answer = await ask(watchdog)
    if (answer.kind === 'body') watchdog.stop()
    return answer
  } catch (error) {
    const known = toError(error, watchdog.signal)
    watchdog.abort()
    throw known
  }
}
