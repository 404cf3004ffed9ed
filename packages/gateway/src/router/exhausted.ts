import { RequestError } from '../errors.ts'
import type { AttemptError } from './failure.ts'
import type { Rated } from './rank.ts'

/** Returns what a client is told when everybody failed; who asks again later may be answered. */
export function exhausted(
  failures: readonly { rated: Rated; error: AttemptError }[],
  rated: readonly Rated[],
): RequestError {
  const kinds = failures.map(({ error }) => error.kind)
  const restMs = Math.min(...rated.map(({ health }) => health.restMs()))
  const attempts = failures.map(({ rated: { upstream }, error }) => ({
    upstream: upstream.id,
    failure: error.kind,
  }))
  const details = { attempts }
  const retryAfter = Math.max(1, Math.ceil(restMs / 1000))
  const headers = { 'retry-after': String(retryAfter) }
  if (kinds.every((kind) => kind === 'rate_limited') && restMs > 0) {
    const message = 'Every upstream of the model limits its rate.'
    return new RequestError(429, 'rate_limit_exceeded', message, { headers, details })
  }
  if (kinds.length > 0 && kinds.every((kind) => kind.endsWith('_timeout'))) {
    return new RequestError(504, 'upstream_timeout', 'No upstream answered in time.', {
      headers,
      details,
    })
  }
  return new RequestError(503, 'upstream_unavailable', 'No upstream could answer.', {
    headers,
    details,
  })
}
