import type { Clock } from './clock.ts'

/** A sleep that others can end. */
export type Waker = {
  /** Ends the present sleep, or the next one before it starts. */
  wake: () => void
  /** Resolves after `ms`, or when woken. */
  sleep: (ms: number) => Promise<void>
}

/** Creates a sleep for a loop that usually waits for time to pass and sometimes for work to be done. */
export function createWaker(clock: Clock): Waker {
  let isWoken = false
  let current: AbortController | undefined
  return {
    wake() {
      isWoken = true
      current?.abort()
    },
    async sleep(ms) {
      if (!isWoken) {
        current = new AbortController()
        await clock.sleep(ms, current.signal)
        current = undefined
      }
      isWoken = false
    },
  }
}
