import { type Hash, keccak256 } from 'viem'
import { expect, test } from 'vitest'

import type { DaemonStatus } from '../daemon/daemon.ts'
import { createMetrics } from '../metrics/createMetrics.ts'
import { createOperatorApp } from './createOperatorApp.ts'

const claimId = keccak256('0x01')
const trace = Uint8Array.of(9, 8, 7)
const header = { number: 12n, hash: claimId, timestamp: 100n }
const head = { ...header, baseFeePerGas: 1n, seenAt: 1_000, interval: 1n }
const running: DaemonStatus = { head, cursor: header, failures: 0, isDraining: false }

function setUp(status: DaemonStatus = running) {
  const metrics = createMetrics()
  metrics.counter('assay_jobs_total', 'Jobs.').add()
  const app = createOperatorApp({
    results: {
      trace: (id: Hash) => (id === claimId ? (trace as Uint8Array<ArrayBuffer>) : undefined),
    },
    status: () => status,
    metrics,
    clock: { elapsed: () => 1_500 },
    staleAfterMs: 1_000,
  })
  return async (path: string) => app.request(path)
}

test('default: shows the trace of a claim to everybody, for good', async () => {
  const response = await setUp()(`/traces/${claimId.toUpperCase().replace('0X', '0x')}`)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(trace)
  expect(response.headers.get('cache-control')).toMatch(/immutable/)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test.each([`/traces/${keccak256('0x02')}`, '/traces/0x01', '/traces/', '/nothing'])(
  'behavior: %s is not there',
  async (path) => {
    const response = await setUp()(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toHaveProperty('error')
  },
)

test('behavior: is well while blocks come in', async () => {
  const response = await setUp()('/healthz')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    ...{ isHealthy: true, block: 12, head: 12, headAgeMs: 500, nodeFailures: 0 },
    isDraining: false,
  })
})

test.each([
  ['before its first block', { ...running, head: undefined, cursor: undefined }],
  ['while no blocks come in', { ...running, head: { ...head, seenAt: 400 } }],
  ['while it drains', { ...running, isDraining: true }],
])('behavior: is not well %s', async (_, status) => {
  const response = await setUp(status)('/healthz')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ isHealthy: false })
})

test('behavior: shows its numbers', async () => {
  const response = await setUp()('/metrics')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
  expect(await response.text()).toContain('assay_jobs_total 1')
})
