import type { Clock } from '../support/clock.ts'
import { BusyError } from './errors.ts'

export type CreateLimiterParameters = {
  /** Requests that are answered at a time. */
  maxConcurrent: number
  /** Requests that may wait for one of those to end. */
  maxQueued: number
  /** Milliseconds that they wait at most. */
  queueMs: number
  clock: Pick<Clock, 'sleep'>
}

/** Keeps what is answered at a time within bounds. */
export type Limiter = {
  /** Resolves with what ends the turn, once there is one; throws `BusyError`, or the reason of the signal. */
  enter: (signal: AbortSignal) => Promise<() => void>
  active: () => number
}

/** Creates a limiter whose queue is served in order. */
export function createLimiter(parameters: CreateLimiterParameters): Limiter {
  const { maxConcurrent, maxQueued, queueMs, clock } = parameters
  const queue: (() => void)[] = []
  let active = 0

  /** Hands a turn to whoever waits longest, so that nobody who comes meanwhile takes it. */
  function leave() {
    const next = queue.shift()
    if (next === undefined) active--
    else next()
  }

  function leaveOnce() {
    let hasLeft = false
    return () => {
      if (!hasLeft) leave()
      hasLeft = true
    }
  }

  /** Resolves once it is this one's turn; its place in the queue goes with whoever gives up. */
  async function wait(signal: AbortSignal) {
    const over = new AbortController()
    const give = () => over.abort()
    const turn = new Promise<boolean>((resolve) => {
      const take = () => resolve(true)
      queue.push(take)
      signal.addEventListener('abort', give, { once: true })
      void clock.sleep(queueMs, over.signal).then(() => {
        const place = queue.indexOf(take)
        if (place >= 0) queue.splice(place, 1)
        resolve(false)
      })
    })
    const isMine = await turn
    over.abort()
    signal.removeEventListener('abort', give)
    if (isMine && signal.aborted) leave()
    signal.throwIfAborted()
    if (!isMine) throw new BusyError({ retryAfterMs: 1_000 })
  }

  return {
    active: () => active,
    async enter(signal) {
      signal.throwIfAborted()
      if (active >= maxConcurrent) {
        if (queue.length >= maxQueued) throw new BusyError({ retryAfterMs: 1_000 })
        await wait(signal)
      } else active++
      return leaveOnce()
    },
  }
}
