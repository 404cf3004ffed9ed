import { setTimeout as delay } from 'node:timers/promises'

/** Time, as everything here reads it. Tests bring their own. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Milliseconds since some fixed moment; never jumps. */
  elapsed: () => number
  /** Resolves after `ms`, or early when `signal` aborts. Never rejects. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
}
