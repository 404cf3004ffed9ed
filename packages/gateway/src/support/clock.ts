/** Time, passed in so that tests can hold it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds that only ever grow, with fractions. */
  elapsed: () => number
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() }
