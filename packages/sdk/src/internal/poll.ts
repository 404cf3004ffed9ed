import { BaseError } from '@assay/protocol'

import { AttemptTimeoutError, WaitTimeoutError } from '../errors/errors.ts'
import { pause } from './pause.ts'
import type { Pulse } from './pulse.ts'

export type WaitOptions = {
  /** When to give up. */
  timeoutMs?: number | undefined
  /** Pause between two looks at the chain; the client's `pollingInterval` by default. */
  pollingIntervalMs?: number | undefined
  /** When to take a look at the chain for lost and try again; ten seconds by default. */
  attemptTimeoutMs?: number | undefined
  /** Ends the wait at once, with the signal's reason. */
  signal?: AbortSignal | undefined
}

export type PollOptions<result> = Pick<WaitOptions, 'attemptTimeoutMs' | 'signal'> & {
  timeoutMs: number
  pollingIntervalMs: number
  /** Waits between two looks. */
  wait: Pulse['wait']
  /** What is waited for, for the error. */
  what: string
  /** Takes one look; undefined is "not yet". Throws one of our errors to end the wait, anything else to be tried again. */
  attempt: () => Promise<result | undefined>
}

/** Settles like `promise`, or rejects when the time is over or the signal aborts, whichever is first. */
async function within<result>(
  promise: Promise<result>,
  what: string,
  ms: number,
  signal?: AbortSignal,
) {
  const race = new AbortController()
  const abort = () => race.abort(signal!.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const limit = pause(ms, race.signal).then(() => {
    throw new AttemptTimeoutError({ what, ms })
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    signal?.removeEventListener('abort', abort)
    race.abort()
    limit.catch(() => {})
    promise.catch(() => {})
  }
}

/** An error of ours is a verdict, but that of a lost attempt; any other is the node's and may pass. */
function endsWait(error: unknown) {
  return error instanceof BaseError && !(error instanceof AttemptTimeoutError)
}

/**
 * Looks at the chain until there is a result. A node that fails, hangs or lags costs attempts, not the wait; what it said
 * last is the cause of the final timeout.
 */
export async function poll<result>(options: PollOptions<result>): Promise<result> {
  const { what, attempt, wait, timeoutMs, pollingIntervalMs, signal } = options
  const { attemptTimeoutMs = 10_000 } = options
  const end = performance.now() + timeoutMs
  let failure: unknown
  while (true) {
    signal?.throwIfAborted()
    const left = end - performance.now()
    if (left <= 0) throw new WaitTimeoutError({ what, timeoutMs, cause: failure })
    try {
      const result = await within(attempt(), what, Math.min(left, attemptTimeoutMs), signal)
      if (result !== undefined) return result
      failure = undefined
    } catch (error) {
      if (signal?.aborted || endsWait(error)) throw error
      failure = error
    }
    await wait(Math.max(0, Math.min(pollingIntervalMs, end - performance.now())), signal)
  }
}
