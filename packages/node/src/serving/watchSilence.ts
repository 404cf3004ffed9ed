import type { Clock } from '../support/clock.ts'

export type Silence = {
  /** Says that something was heard. */
  heard: () => void
  stop: () => void
}

/** Calls back whenever nothing was heard for `ms`. Hearing something costs no timer. */
export function watchSilence(
  clock: Pick<Clock, 'elapsed' | 'sleep'>,
  ms: number,
  onSilence: () => void,
): Silence {
  const stopping = new AbortController()
  let since = clock.elapsed()

  async function watch() {
    while (!stopping.signal.aborted) {
      const left = since + ms - clock.elapsed()
      if (left > 0) await clock.sleep(left, stopping.signal)
      else {
        since = clock.elapsed()
        onSilence()
      }
    }
  }

  void watch()
  return {
    heard() {
      since = clock.elapsed()
    },
    // With a reason, so that no error with a stack is made for each stream.
    stop: () => stopping.abort('over'),
  }
}
