import { expect, test } from 'vitest'

import { createMetrics } from './createMetrics.ts'

test('default: renders counters and gauges by label', () => {
  const metrics = createMetrics()
  const counter = metrics.counter('jobs_total', 'Jobs seen.')
  counter.add({ outcome: 'accepted' })
  counter.add({ outcome: 'accepted' }, 2)
  metrics.gauge('height', 'Newest block.').set(7)
  expect(metrics.render().split('\n')).toEqual([
    '# HELP jobs_total Jobs seen.',
    '# TYPE jobs_total counter',
    'jobs_total{outcome="accepted"} 3',
    '# HELP height Newest block.',
    '# TYPE height gauge',
    'height 7',
    '',
  ])
})

test('behavior: buckets are cumulative, and labels cannot break out of their quotes', () => {
  const metrics = createMetrics()
  const histogram = metrics.histogram('wait_seconds', 'Waits.', [1, 2])
  for (const value of [0.5, 1.5, 9]) histogram.observe(value, { model: 'a"\n\\b' })
  const label = 'model="a\\"\\n\\\\b"'
  expect(metrics.render().split('\n').slice(2, 7)).toEqual([
    `wait_seconds_bucket{${label},le="1"} 1`,
    `wait_seconds_bucket{${label},le="2"} 2`,
    `wait_seconds_bucket{${label},le="+Inf"} 3`,
    `wait_seconds_sum{${label}} 11`,
    `wait_seconds_count{${label}} 3`,
  ])
})

test('behavior: quantiles are of the observations themselves', () => {
  const histogram = createMetrics().histogram('x', 'X.', [1])
  expect(histogram.quantile(0.5)).toBeUndefined()
  for (const value of [5, 1, 3]) histogram.observe(value)
  expect(histogram.quantile(0.5)).toBe(3)
  expect(histogram.quantile(1)).toBe(5)
})
