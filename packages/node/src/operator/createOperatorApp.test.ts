import { deriveEncryptionKeys, encryptionKeyOf, openEnvelope } from '@assay/protocol/envelope'
import { type Hash, keccak256 } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { expect, test } from 'vitest'

import type { DaemonStatus } from '../daemon/daemon.ts'
import type { Inbox } from '../inputs/createInbox.ts'
import { createMetrics } from '../metrics/createMetrics.ts'
import { createOperatorApp } from './createOperatorApp.ts'

const [claimId, sealedClaimId] = [keccak256('0x01'), keccak256('0x03')]
const [inputHash, sealedHash] = [keccak256('0x04'), keccak256('0x05')]
const trace = Uint8Array.of(9, 8, 7)
const input = Uint8Array.of(1, 2)
const keys = await deriveEncryptionKeys(keccak256('0x06'))
const reader = { address: privateKeyToAddress(keccak256('0x06')) }
const stranger = privateKeyToAddress(keccak256('0x07'))
const encryptionKey = await encryptionKeyOf(keys)
const encryptionKeys = new Map([reader.address, stranger].map((who) => [who, encryptionKey]))
const inbox: Inbox = {
  maxBytes: 8,
  put(hash, bytes) {
    if (hash !== inputHash) return 'unasked'
    return bytes[0] === input[0] ? 'kept' : 'wrong'
  },
}
const header = { number: 12n, hash: claimId, timestamp: 100n }
const head = { ...header, baseFeePerGas: 1n, seenAt: 1_000, interval: 1n }
const running: DaemonStatus = { head, cursor: header, failures: 0, isDraining: false }

function setUp(status: DaemonStatus = running) {
  const metrics = createMetrics()
  metrics.counter('assay_jobs_total', 'Jobs.').add()
  const app = createOperatorApp({
    results: {
      trace: (id: Hash) => {
        if (id === claimId) return { bytes: trace, readers: undefined }
        return id === sealedClaimId ? { bytes: trace, readers: [reader.address] } : undefined
      },
    },
    inputs: {
      get(hash: Hash) {
        if (hash === inputHash) return { bytes: input }
        return hash === sealedHash ? { bytes: input, readers: [reader.address] } : undefined
      },
    },
    inbox,
    encryptionKeyOf: (address) => encryptionKeys.get(address),
    status: () => status,
    metrics,
    clock: { elapsed: () => 1_500 },
    staleAfterMs: 1_000,
  })
  return async (path: string, init?: RequestInit) => app.request(path, init)
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

test('behavior: what a sealed input led to is sealed again, for those it was sealed for', async () => {
  const ask = (query: string) => setUp()(`/traces/${sealedClaimId}${query}`)
  const response = await ask(`?recipient=${reader.address.toLowerCase()}`)
  expect(response.headers.get('cache-control')).toBeNull()
  const envelope = new Uint8Array(await response.arrayBuffer())
  const opened = { envelope, about: sealedClaimId, recipient: reader.address, keys }
  expect(await openEnvelope(opened)).toEqual(trace)
  for (const query of ['', '?recipient=', '?recipient=0x01', `?recipient=${stranger}`]) {
    const refused = await ask(query)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toHaveProperty('error')
  }
})

test('behavior: shows inputs, and not that sealed ones are here', async () => {
  const response = await setUp()(`/inputs/${inputHash}`)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(input)
  for (const hash of [sealedHash, keccak256('0x08'), '0x01']) {
    expect((await setUp()(`/inputs/${hash}`)).status).toBe(404)
  }
})

test.each([
  ['takes an input that a job waits for', inputHash, input, 204],
  ['takes no other bytes', inputHash, Uint8Array.of(7), 400],
  ['takes no input that no job waits for', sealedHash, input, 404],
  ['takes nothing without a hash', '0x01', input, 400],
  ['takes nothing longer than inputs are', inputHash, new Uint8Array(9), 413],
])('behavior: %s', async (_, hash, body, status) => {
  const response = await setUp()(`/inputs/${hash}`, { method: 'PUT', body })
  expect(response.status).toBe(status)
})

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
