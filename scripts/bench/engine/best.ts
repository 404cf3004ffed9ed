/** What is compared: a name, and what is timed. */
export type Contender = { name: string; run: () => unknown }

/**
 * Times contenders in turns, so that what else the machine does falls on all of them, and returns the best time of each
 * in milliseconds. In every round a contender runs once, or for at least `leastMs`.
 */
export async function bestOf(
  contenders: readonly Contender[],
  rounds: number,
  leastMs = 20,
): Promise<number[]> {
  const best = contenders.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { run }] of contenders.entries()) {
      const until = performance.now() + leastMs
      do {
        const start = performance.now()
        const result = run()
        if (result instanceof Promise) await result
        best[i] = Math.min(best[i]!, performance.now() - start)
      } while (performance.now() < until)
    }
  }
  return best
}
