/** Seconds by the wall's clock, and of all processor time that the process took, engine's helper threads included. */
export type Spent = { wall: number; cpu: number }

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Returns what `run` takes. Waiting for a core shared with others is in the wall's time alone. */
export async function spentOn(run: () => unknown): Promise<Spent> {
  const before = process.cpuUsage()
  const start = performance.now()
  const result = run()
  if (result instanceof Promise) await result
  const wall = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(before)
  return { wall, cpu: (user + system) / 1e6 }
}

/** Returns the median of what several rounds took. */
export function medianOf(rounds: readonly Spent[]): Spent {
  return { wall: median(rounds.map(({ wall }) => wall)), cpu: median(rounds.map(({ cpu }) => cpu)) }
}

/** Lets contenders take turns, and returns the median of what a turn took of each. A turn before the first is not timed. */
export async function medianOfTurns(runs: readonly (() => unknown)[], rounds: number) {
  const spent = runs.map((): Spent[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, run] of runs.entries()) {
      const turn = await spentOn(run)
      if (round > 0) spent[i]!.push(turn)
    }
  }
  return spent.map(medianOf)
}
