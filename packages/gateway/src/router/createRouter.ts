import type { Catalog } from '../catalog/upstream.ts'
import type { Observe } from '../events.ts'
import type { AskedRequest } from '../http/readRequest.ts'
import { type Keys, wallet } from '../keys/createKeys.ts'
import type { Clock } from '../support/clock.ts'
import type { Answer, Budgets, RoutedRequest } from './answer.ts'
import { chooseNext, type Failure, type RetryPolicy } from './chooseNext.ts'
import type { Ask } from './createAsker.ts'
import { createHealth, type Health, type HealthPolicy } from './createHealth.ts'
import { createLatencies } from './createLatencies.ts'
import { createPlan } from './createPlan.ts'
import { createRuns, pause, type Settled } from './createRuns.ts'
import { exhausted } from './exhausted.ts'
import { failureKinds } from './failure.ts'
import type { RankWeights, Rated } from './rank.ts'

export type RouterPolicy = {
  budgets: Pick<Budgets, 'totalMs'>
  weights: RankWeights
  health: HealthPolicy
  retry: RetryPolicy
  /** Bounds of the wait before a second upstream is asked without giving up the first; undefined for never. */
  hedge: { minMs: number; maxMs: number } | undefined
}

export type CreateRouterDependencies = {
  catalog: Pick<Catalog, 'find'>
  ask: Ask
  keys: Pick<Keys, 'left'>
  policy: RouterPolicy
  clock: Clock
  observe: Observe
}

/** An answer and how it was come by. */
export type Routed = {
  answer: Answer
  /** Upstreams that were asked. */
  attempts: number
  /** Why it is this one that answered. */
  reason: string
}

/** Finds who answers. The only place where anything is tried again. */
export type Router = {
  /** Throws `RequestError` for what nobody answers, `AttemptError` of the kinds `rejected` and `cancelled`. */
  route: (request: RoutedRequest) => Promise<Routed>
  /** Returns the most that an answer may cost, in token units: the dearest upstream's quote. Throws `RequestError` where nobody may answer. */
  quote: (request: AskedRequest) => bigint
  healthOf: (upstream: string) => Health
}

export function createRouter(dependencies: CreateRouterDependencies): Router {
  const { catalog, ask, keys, policy, clock, observe } = dependencies
  const healths = new Map<string, Health>()
  const latencies = createLatencies()
  const plan = createPlan({ catalog, keys, healthOf, weights: policy.weights })

  function healthOf(upstream: string): Health {
    const found = healths.get(upstream)
    if (found !== undefined) return found
    const health = createHealth({ upstream, policy: policy.health, clock, observe })
    healths.set(upstream, health)
    return health
  }

  async function route(request: RoutedRequest): Promise<Routed> {
    request.signal.throwIfAborted()
    const runs = createRuns(ask, request)
    const cancel = () => runs.callOff('Nobody waits for the answer any more.')
    const { promise: left, reject } = Promise.withResolvers<never>()
    left.catch(() => undefined)
    const leave = () => {
      cancel()
      reject(request.signal.reason)
    }
    request.signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([left, search(request, plan(request), runs)])
    } finally {
      request.signal.removeEventListener('abort', leave)
      runs.callOff('Another upstream answered.')
    }
  }

  async function search(
    request: RoutedRequest,
    rated: readonly Rated[],
    runs: ReturnType<typeof createRuns>,
  ): Promise<Routed> {
    const failures: Failure[] = []
    const deadline = clock.elapsed() + policy.budgets.totalMs
    const leftMs = () => deadline - clock.elapsed()
    let attempts = 0
    let spare = hedgeOf(rated)
    const begin = (next: Rated, reason: string) => {
      const isOther = next.model !== request.models[0]
      runs.begin({ rated: next, reason: isOther ? `${reason}; alternative` : reason })
      attempts += 1
    }
    const beginNext = async () => {
      const isOver = attempts >= policy.retry.maxAttempts
      const next = isOver ? undefined : chooseNext(rated, failures, policy.retry)
      if (next === undefined || next.waitMs >= leftMs()) throw exhausted(failures, rated)
      await pause(next.waitMs, request.signal)
      begin(next.rated, reasonOf(failures))
    }
    const beginHedge = () => {
      const second = spare?.([...runs.rated(), ...failures.map((failure) => failure.rated)])
      spare = undefined
      if (second === undefined) return
      observe({ kind: 'hedged', request: request.id, upstream: second.upstream.id })
      begin(second, 'hedged')
    }
    for (;;) {
      if (runs.count() === 0) await beginNext()
      const hedgeMs = runs.count() === 1 && spare ? hedgeAfter(request) : undefined
      const settled = await runs.next(Math.min(leftMs(), hedgeMs ?? leftMs()))
      if (settled.kind === 'answered') {
        latencies.add(request.task, settled.answer.elapsedMs)
        return { answer: settled.answer, attempts, reason: settled.run.reason }
      }
      if (settled.kind === 'failed') failures.push(passOn(request, settled))
      else if (leftMs() <= 0) throw exhausted(failures, rated)
      else beginHedge()
    }
  }

  /** Notes a failure after which somebody else is asked; throws one that is the request's own. */
  function passOn({ id }: RoutedRequest, { run, error }: Extract<Settled, { kind: 'failed' }>) {
    if (failureKinds[error.kind].isFinal) throw error
    const { rated } = run
    observe({ kind: 'failed_over', request: id, upstream: rated.upstream.id, failure: error.kind })
    return { rated, error }
  }

  /** Returns what finds the upstream for a hedge, once for a request. */
  function hedgeOf(rated: readonly Rated[]) {
    if (policy.hedge === undefined || rated.length < 2) return undefined
    return (busy: readonly Rated[]) =>
      rated.find(
        ({ upstream, health, model }) =>
          model === busy[0]?.model &&
          health.restMs() === 0 &&
          health.isReady() &&
          busy.every((other) => other.upstream.id !== upstream.id),
      )
  }

  function hedgeAfter({ task }: RoutedRequest): number | undefined {
    const p95 = latencies.p95(task)
    if (policy.hedge === undefined || p95 === undefined) return undefined
    return Math.min(policy.hedge.maxMs, Math.max(policy.hedge.minMs, p95))
  }

  function quote(request: AskedRequest): bigint {
    // Whom a request without alternatives goes to may be another one when it is paid for.
    const preferences = { ...request.preferences, allow_fallbacks: true }
    const quotes = plan({ ...request, preferences, key: wallet, asked: [] }).map(
      (rated) => rated.quote,
    )
    return quotes.reduce((most, each) => (each > most ? each : most))
  }

  return { route, quote, healthOf }
}

function reasonOf(failures: readonly Failure[]): string {
  const last = failures.at(-1)
  return last === undefined ? 'ranked' : `failover: ${last.error.kind} of ${last.rated.upstream.id}`
}
