import { Hono } from 'hono'

import type { Daemon } from '../daemon/createDaemon.ts'
import type { Metrics } from '../metrics/createMetrics.ts'
import type { Clock } from '../support/clock.ts'

export type CreateStatusAppDependencies = {
  status: Daemon['status']
  metrics: Pick<Metrics, 'render'>
  clock: Pick<Clock, 'elapsed'>
  /** Milliseconds without a new block after which the daemon counts as unwell. */
  staleAfterMs: number
}

/** Creates what every daemon serves: its health and its numbers. */
export function createStatusApp(dependencies: CreateStatusAppDependencies): Hono {
  const { metrics } = dependencies
  const app = new Hono()
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

function healthOf({ status, clock, staleAfterMs }: CreateStatusAppDependencies) {
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
