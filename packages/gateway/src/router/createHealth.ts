import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

import type { Observe } from '../events.ts'
import type { Clock } from '../support/clock.ts'
import { AttemptError, failureKinds } from './failure.ts'

export type HealthPolicy = {
  /** Failures in a row that open the breaker. */
  failures: number
  /** Milliseconds after which an open breaker lets one request try. */
  halfOpenAfterMs: number
  /** Milliseconds out after a 429 that does not say how long. */
  coolDownMs: number
  /** Milliseconds out where somebody has to do something first. */
  disabledMs: number
}

export type CreateHealthDependencies = {
  upstream: string
  policy: HealthPolicy
  clock: Clock
  observe: Observe
}

/** How well an upstream does, measured on what clients asked. */
export type Health = ReturnType<typeof createHealth>

/** Share of the newest observation in the moving averages. */
const weight = 0.2

const states = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
} as const

export function createHealth({ upstream, policy, clock, observe }: CreateHealthDependencies) {
  let openedAt = Number.NEGATIVE_INFINITY
  let outUntil = Number.NEGATIVE_INFINITY
  let latencyMs: number | undefined
  let failureRate = 0
  let inFlight = 0
  const breaker = circuitBreaker(
    handleWhen((error) => doesCount(error, breaker.state)),
    { halfOpenAfter: policy.halfOpenAfterMs, breaker: new ConsecutiveBreaker(policy.failures) },
  )
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = clock.elapsed()
    observe({ kind: 'breaker_changed', upstream, state: states[state] })
  })

  function note(error: unknown) {
    if (!(error instanceof AttemptError) || error.kind === 'cancelled') return
    if (failureKinds[error.kind].counts) failureRate += weight * (1 - failureRate)
    if (error.kind === 'rate_limited') {
      const forMs = error.retryAfterMs ?? policy.coolDownMs
      outUntil = Math.max(outUntil, clock.elapsed() + forMs)
      observe({ kind: 'cooled_down', upstream, forMs })
    }
    if (['quota_exhausted', 'unauthorized', 'invalid_receipt'].includes(error.kind)) {
      outUntil = Math.max(outUntil, clock.elapsed() + policy.disabledMs)
      observe({ kind: 'disabled', upstream, failure: error.kind, reason: error.shortMessage })
    }
  }

  return {
    /** Milliseconds until the first content, on average; undefined before the first answer. */
    latencyMs: () => latencyMs,
    /** Share of failures, newer ones counting more. */
    failureRate: () => failureRate,
    inFlight: () => inFlight,
    state: () => states[breaker.state],
    /** Milliseconds that it still is to be left alone, by its own wish or because it would be of no use. */
    restMs: () => Math.max(0, outUntil - clock.elapsed()),
    /** Whether the breaker lets a request pass. */
    isReady() {
      if (breaker.state === CircuitState.Closed) return true
      if (breaker.state !== CircuitState.Open) return false
      return clock.elapsed() - openedAt >= policy.halfOpenAfterMs
    },
    /** Makes an attempt. One whose breaker is open is made all the same, where nobody better is left. */
    async attempt<result>(work: () => Promise<result>): Promise<result> {
      const isProbe = breaker.state === CircuitState.Closed || this.isReady()
      inFlight += 1
      try {
        return await (isProbe ? breaker.execute(work) : work())
      } catch (error) {
        note(error)
        throw error
      } finally {
        inFlight -= 1
      }
    },
    /** Notes that an answer began. */
    answered(elapsedMs: number) {
      failureRate -= weight * failureRate
      latencyMs = latencyMs === undefined ? elapsedMs : latencyMs + weight * (elapsedMs - latencyMs)
    },
    /** Notes that an answer that had begun failed. */
    async failed(error: AttemptError) {
      note(error)
      await breaker.execute(() => Promise.reject(error)).catch(() => undefined)
    },
  }
}

/** A probe that was called off has shown nothing, so the breaker stays open. */
function doesCount(error: unknown, state: CircuitState) {
  if (!(error instanceof AttemptError)) return true
  if (error.kind === 'cancelled') return state === CircuitState.HalfOpen
  return failureKinds[error.kind].counts
}
