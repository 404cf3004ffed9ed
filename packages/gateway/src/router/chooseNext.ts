import { type AttemptError, failureKinds } from './failure.ts'
import type { Rated } from './rank.ts'

/** An attempt that failed. */
export type Failure = { rated: Rated; error: AttemptError }

export type RetryPolicy = {
  /** Attempts for one request at most, a second one with the same upstream included. */
  maxAttempts: number
  /** Milliseconds before an upstream is asked a second time; doubles each time. */
  backoffMs: number
  /** Longest that a request waits for an upstream which asks to be left alone. */
  maxWaitMs: number
}

/** Whom to ask next, and in how many milliseconds. */
export type Next = { rated: Rated; waitMs: number }

/**
 * Returns whom to ask next; undefined if nobody is left. Nobody is asked twice before everybody was asked once. A breaker
 * that is open is passed over, unless all are: then the upstream that fails least is better than none.
 */
export function chooseNext(
  rated: readonly Rated[],
  failures: readonly Failure[],
  { backoffMs, maxWaitMs }: RetryPolicy,
): Next | undefined {
  const failed = (one: Rated) => failures.filter((failure) => isSame(failure.rated, one))
  const left = rated.filter((one) =>
    failed(one).every(({ error }) => failureKinds[error.kind].passes),
  )
  const usable = left.filter(({ health }) => health.restMs() === 0 && health.isReady())
  const pool = usable.length > 0 ? usable : left.toSorted(byHope)
  const waitOf = (one: Rated) => {
    const times = failed(one).length
    return Math.max(one.health.restMs(), times === 0 ? 0 : backoffMs * 2 ** (times - 1))
  }
  const [next] = pool.toSorted((a, b) => failed(a).length - failed(b).length)
  if (next === undefined || waitOf(next) > maxWaitMs) return undefined
  return { rated: next, waitMs: waitOf(next) }
}

function byHope({ health: a }: Rated, { health: b }: Rated) {
  return a.restMs() - b.restMs() || a.failureRate() - b.failureRate()
}

function isSame(a: Rated, b: Rated) {
  return a.upstream.id === b.upstream.id && a.model === b.model
}
