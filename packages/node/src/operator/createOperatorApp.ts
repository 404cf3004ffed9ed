import { Hono } from 'hono'
import { type Hash, isHash } from 'viem'

import type { Daemon } from '../daemon/createDaemon.ts'
import type { Results } from '../journal/createResults.ts'
import type { Metrics } from '../metrics/createMetrics.ts'
import type { Clock } from '../support/clock.ts'

export type CreateOperatorAppDependencies = {
  results: Pick<Results, 'trace'>
  status: Daemon['status']
  metrics: Pick<Metrics, 'render'>
  clock: Pick<Clock, 'elapsed'>
  /** Milliseconds without a new block after which the daemon counts as unwell. */
  staleAfterMs: number
}

/** Creates the operator's HTTP interface: committed traces for everybody, and its own health. */
export function createOperatorApp(dependencies: CreateOperatorAppDependencies): Hono {
  const { results, metrics } = dependencies
  const app = new Hono()

  app.get('/traces/:claimId', (context) => {
    const claimId = context.req.param('claimId').toLowerCase()
    const trace = isHash(claimId) ? results.trace(claimId as Hash) : undefined
    if (trace === undefined) return context.json({ error: 'no trace of this claim is here' }, 404)
    return context.body(trace, 200, {
      'content-type': 'application/octet-stream',
      // A claim's trace can never change: the claim commits to it.
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })

  app.get('/healthz', (context) => {
    const health = healthOf(dependencies)
    return context.json(health, health.isHealthy ? 200 : 503)
  })

  app.get('/metrics', (context) =>
    context.text(metrics.render(), 200, { 'content-type': 'text/plain; version=0.0.4' }),
  )

  app.notFound((context) => context.json({ error: 'not found' }, 404))
  return app
}

function healthOf({ status, clock, staleAfterMs }: CreateOperatorAppDependencies) {
  const { head, cursor, failures, isDraining } = status()
  const ageMs = head === undefined ? null : Math.round(clock.elapsed() - head.seenAt)
  return {
    isHealthy: ageMs !== null && ageMs < staleAfterMs && !isDraining,
    block: cursor === undefined ? null : Number(cursor.number),
    head: head === undefined ? null : Number(head.number),
    headAgeMs: ageMs,
    nodeFailures: failures,
    isDraining,
  }
}
