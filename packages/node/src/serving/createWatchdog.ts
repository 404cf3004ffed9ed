import type { Clock } from '../support/clock.ts'
import { UpstreamError } from './errors.ts'

/** Milliseconds that an upstream is waited for. */
export type Timeouts = {
  /** Until a connection stands. */
  connectMs: number
  /** Until a stream's first event. */
  firstTokenMs: number
  /** Between two events of a stream. */
  betweenTokensMs: number
  /** Until the whole answer is there. */
  totalMs: number
}

/** Ends what takes too long, or what nobody waits for any more. */
export type Watchdog = {
  /** Aborts with an `UpstreamError`, or with the reason of the signal above it. */
  signal: AbortSignal
  /** Allows so many milliseconds from now, for what `what` names. */
  allow: (ms: number, what: string) => void
  stop: () => void
  /** Ends at once what goes on. */
  abort: () => void
}

/** A reason of our own: one that is made anew each time carries a stack that nobody reads. */
const over = 'over'

/** Creates a watchdog over one answer, which may take `totalMs` at most. */
export function createWatchdog(
  clock: Pick<Clock, 'elapsed' | 'sleep'>,
  signal: AbortSignal,
  totalMs: number,
): Watchdog {
  const controller = new AbortController()
  const end = clock.elapsed() + totalMs
  let due = { at: end, what: 'its answer' }
  let wake = new AbortController()
  let wakesAt = end
  let isStopped = false

  async function watch() {
    while (!isStopped) {
      const leftMs = Math.min(due.at, end) - clock.elapsed()
      if (leftMs <= 0) {
        const message = `The model took too long for ${due.at < end ? due.what : 'its answer'}.`
        stop()
        return controller.abort(new UpstreamError({ failure: 'timeout', message }))
      }
      wakesAt = clock.elapsed() + leftMs
      await clock.sleep(leftMs, wake.signal)
      if (wake.signal.aborted) wake = new AbortController()
    }
  }

  function stop() {
    isStopped = true
    signal.removeEventListener('abort', pass)
    wake.abort(over)
  }
  function pass() {
    stop()
    controller.abort(signal.reason)
  }

  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  void watch()
  return {
    signal: controller.signal,
    allow(ms, what) {
      due = { at: clock.elapsed() + ms, what }
      // Who sleeps longer than that has to look again; who wakes too early sleeps on, which costs nothing for each token.
      if (due.at < wakesAt) wake.abort(over)
    },
    stop,
    abort: () => {
      stop()
      controller.abort(over)
    },
  }
}
