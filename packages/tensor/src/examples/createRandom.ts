/** A stream of pseudo-random numbers; the same seed gives the same numbers everywhere. */
export type Random = {
  /** Integer from 0 to 2^32 − 1. */
  uint32: () => number
  /** Number in [0, 1). */
  uniform: () => number
  /** Integer from `min` to `max`, both included. */
  integer: (min: number, max: number) => number
  /** Element of a list. */
  pick: <T>(values: readonly T[]) => T
  /** Random bytes. */
  bytes: (length: number) => Uint8Array
}

/** Creates a stream of pseudo-random numbers (sfc32). Not for secrets. */
export function createRandom(seed: number): Random {
  const state = Uint32Array.of(seed, seed ^ 0x9e3779b9, 0x243f6a88, 1)

  function uint32() {
    const [a = 0, b = 0, c = 0, d = 0] = state
    const sum = (a + b + d) >>> 0
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + sum
    state[3] = d + 1
    return sum
  }

  function uniform() {
    return uint32() / 2 ** 32
  }

  function integer(min: number, max: number) {
    return min + Math.floor(uniform() * (max - min + 1))
  }

  // The first outputs of sfc32 still show the seed.
  for (let i = 0; i < 15; i += 1) uint32()

  return {
    uint32,
    uniform,
    integer,
    pick: (values) => values[integer(0, values.length - 1)]!,
    bytes: (length) => Uint8Array.from({ length }, () => uint32() >>> 24),
  }
}
