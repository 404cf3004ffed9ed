import { expect, test } from 'vitest'

import { createMetrics } from '../metrics/createMetrics.ts'
import { createServingMetrics } from './createServingMetrics.ts'

test('default: counts requests, units, fees and failures by model', () => {
  const metrics = createMetrics()
  const record = createServingMetrics(metrics)
  const asked = { model: 'echo', task: 'chat' } as const
  record({ type: 'begun', ...asked })
  record({ type: 'begun', ...asked })
  record({ type: 'firstToken', model: 'echo', ms: 30 })
  record({ type: 'issued', model: 'echo', unitsIn: 5n, unitsOut: 7n, fee: 9n })
  record({ type: 'ended', ...asked, status: 200, durationMs: 80 })
  record({ type: 'upstreamFailed', model: 'echo', failure: 'timeout', error: undefined })
  const text = metrics.render()
  for (const line of [
    'assay_requests_total{model="echo",task="chat",status="200"} 1',
    'assay_requests_active 1',
    'assay_units_total{model="echo",direction="in"} 5',
    'assay_units_total{model="echo",direction="out"} 7',
    'assay_fees_total{model="echo"} 9',
    'assay_upstream_failures_total{model="echo",failure="timeout"} 1',
    'assay_time_to_first_token_seconds_bucket{model="echo",le="0.05"} 1',
    'assay_request_seconds_count{model="echo"} 1',
  ]) {
    expect(text).toContain(line)
  }
})
