import { headers as names, receiptField } from '@assay/protocol/http'
import type { UpstreamFault } from '@assay/testing'
import { keccak256 } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { key, openAiClient, paying, type Serving, startServing, timeouts } from './startServing.ts'

let serving: Serving

beforeAll(async () => {
  serving = await startServing({ maxConcurrent: 2, maxQueued: 1 })
})
afterEach(() => serving.upstream.setRule(undefined))
afterAll(() => serving.close())

const ask = { model: 'echo', messages: [{ role: 'user', content: 'one two three' }] } as const

async function post(body: object = {}, init: RequestInit = {}) {
  const headers = { ...(await paying()), ...(init.headers as object) }
  const url = `${serving.url}/v1/chat/completions`
  return fetch(url, { method: 'POST', body: JSON.stringify({ ...ask, ...body }), ...init, headers })
}

/** What a failure must leave behind: nothing. */
function standing() {
  const { sequence, cumulativeFee, reserved } = serving.issuer.state()
  return { sequence, cumulativeFee, reserved }
}

const refusals: [string, UpstreamFault, number, string][] = [
  ['breaks the connection', { kind: 'reset' }, 502, 'upstream_unreachable'],
  ['is silent', { kind: 'hang' }, 504, 'upstream_timeout'],
  [
    'asks for a pause',
    { kind: 'status', status: 429, retryAfter: '7' },
    429,
    'rate_limit_exceeded',
  ],
  [
    'asks for a pause and not how long',
    { kind: 'status', status: 429 },
    429,
    'rate_limit_exceeded',
  ],
  [
    'has no credit left',
    { kind: 'status', status: 429, code: 'insufficient_quota' },
    ...([503, 'upstream_quota'] as const),
  ],
  ['knows no such key', { kind: 'status', status: 401 }, 502, 'upstream_unauthorized'],
  ['knows no such model', { kind: 'status', status: 404 }, 502, 'upstream_failed'],
  ['fails with 500', { kind: 'status', status: 500 }, 502, 'upstream_failed'],
  ['fails with 503', { kind: 'status', status: 503 }, 502, 'upstream_failed'],
  ['answers with a page', { kind: 'html' }, 502, 'upstream_malformed'],
  ['answers with too much', { kind: 'huge', bytes: 2_000_000 }, 502, 'upstream_too_large'],
  ['finds the request wrong', { kind: 'status', status: 400 }, 400, 'upstream_refused'],
]

test.each(refusals.flatMap((row) => [false, true].map((stream) => [...row, stream] as const)))(
  'error: a model that %s charges nothing',
  async (name, fault, status, code, stream) => {
    if (name === 'answers with too much' && stream) return
    const before = standing()
    serving.upstream.failNext(fault)
    const response = await post({ stream, ...(fault.kind === 'hang' && !stream && { user: 'x' }) })
    expect(response.status).toBe(status)
    expect(response.headers.get(names.receipt)).toBeNull()
    const retryAfter = fault.kind === 'status' ? (fault.retryAfter ?? null) : null
    expect(response.headers.get('retry-after')).toBe(retryAfter)
    const { error } = (await response.json()) as { error: object }
    expect(error).toMatchObject({ code, message: expect.any(String), param: null })
    expect(standing()).toEqual(before)
    const event = { type: 'upstreamFailed', failure: expect.any(String) }
    expect(serving.events).toContainEqual(expect.objectContaining(event))
  },
)

test.each<[string, UpstreamFault]>([
  ['no JSON', { kind: 'garbage' }],
  ['half a body', { kind: 'cut', after: 0 }],
  ['half a body and silence', { kind: 'stall', after: 0 }],
])('error: %s is no answer', async (_, fault) => {
  const before = standing()
  serving.upstream.failNext(fault)
  expect((await post()).status).toBeGreaterThanOrEqual(502)
  expect(standing()).toEqual(before)
})

test('error: a model that is not there is no answer', async () => {
  await serving.upstream.setListening(false)
  const response = await post()
  await serving.upstream.setListening(true)
  expect(response.status).toBe(502)
  expect((await post()).status).toBe(200)
})

const breaks: [string, UpstreamFault, string][] = [
  ['is cut', { kind: 'cut', after: 2 }, 'upstream_truncated'],
  ['falls silent', { kind: 'stall', after: 2 }, 'upstream_timeout'],
  ['ends before its finish', { kind: 'unfinished' }, 'upstream_truncated'],
  ['turns to garbage', { kind: 'garbage' }, 'upstream_malformed'],
  ['tells of an error', { kind: 'errorEvent', after: 2 }, 'upstream_failed'],
  ['never ends', { kind: 'huge', bytes: 5_000_000 }, 'upstream_too_large'],
]

test.each(breaks)(
  'error: a stream that %s ends without receipt or [DONE]',
  async (_, fault, code) => {
    const before = standing()
    serving.upstream.failNext(fault)
    const response = await post({ stream: true })
    expect(response.status).toBe(200)
    const frames = (await response.text()).split('\n\n').filter(Boolean)
    expect(JSON.parse(frames.at(-1)!.slice('data: '.length))).toMatchObject({ error: { code } })
    expect(frames.join()).not.toMatch(/\[DONE\]|inference_receipt/)
    expect(standing()).toEqual(before)
    await vi.waitFor(() => expect(serving.events.at(-1)).toMatchObject({ type: 'ended' }))
  },
)

test('error: the official client hears of an error within a stream', async () => {
  const client = await openAiClient(serving)
  serving.upstream.failNext({ kind: 'cut', after: 2 })
  const stream = await client.chat.completions.create({
    ...ask,
    messages: [...ask.messages],
    stream: true,
  })
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'upstream_truncated' })
})

test('behavior: a finish without [DONE] is an end, and ours has both', async () => {
  serving.upstream.failNext({ kind: 'withoutDone' })
  const text = await (await post({ stream: true })).text()
  expect(text).toContain(receiptField)
  expect(text).toMatch(/\[DONE\]\n\n$/)
})

test('behavior: the receipt names the model that really answered', async () => {
  serving.upstream.failNext({ kind: 'model', name: 'echo-0 ✓' }, { kind: 'model', name: 'echo-0' })
  expect((await post()).headers.get(names.servedModel)).toBeNull()
  expect((await post()).headers.get(names.servedModel)).toBe('echo-0')
})

test.each([false, true])(
  'behavior: what an upstream counts is bounded by the bytes (stream %s)',
  async (stream) => {
    const before = standing()
    serving.upstream.failNext({ kind: 'usage', usage: { input: 1e9, output: 1e9 } })
    await (await post({ stream })).text()
    const { length } = JSON.stringify({ ...ask, stream })
    const textBytes = 'one two three'.length
    const fee = 10n + BigInt(length + 256) + 2n * BigInt(textBytes + 16)
    expect(standing().cumulativeFee - before.cumulativeFee).toBe(fee)
  },
)

test('behavior: where nothing is counted, it is estimated', async () => {
  const before = standing()
  serving.upstream.failNext({ kind: 'usage', usage: undefined })
  await (await post()).text()
  const estimated = 10n + BigInt(Math.ceil(JSON.stringify(ask).length / 4)) + 2n * 4n
  expect(standing().cumulativeFee - before.cumulativeFee).toBe(estimated)
})

test('behavior: silence in a stream is filled with comments', async () => {
  serving.upstream.failNext({ kind: 'slow', betweenMs: 250 })
  const text = await (await post({ stream: true })).text()
  expect(text.match(/^: keep-alive$/gm)!.length).toBeGreaterThan(3)
  expect(text).toMatch(/\[DONE\]/)
})

test.each([false, true])(
  'behavior: a client that goes away stops the model, and is not charged (stream %s)',
  async (stream) => {
    const before = standing()
    serving.upstream.failNext(stream ? { kind: 'slow', betweenMs: 250 } : { kind: 'hang' })
    const controller = new AbortController()
    const answer = post({ stream }, { signal: controller.signal })
    if (stream) await (await answer).body!.getReader().read()
    else await vi.waitFor(() => expect(standing().reserved).toBeGreaterThan(before.reserved))
    controller.abort()
    await answer.catch(() => {})
    await vi.waitFor(() => expect(serving.upstream.requests.at(-1)?.isAborted).toBe(true))
    await vi.waitFor(() => expect(standing()).toEqual(before))
    await vi.waitFor(() =>
      expect(serving.events.at(-1)).toMatchObject({ type: 'ended', status: 0 }),
    )
  },
)

test('behavior: a slow reader is not read ahead for, and nobody else is blamed for it', async () => {
  const limits = { maxBodyBytes: 1_000_000 }
  const large = await startServing({
    limits,
    maxAnswerBytes: 1e9,
    maxUnitsOut: 1e6,
    firstTokenMs: 3_000,
  })
  const messages = [{ role: 'user', content: 'a '.repeat(100_000) }]
  const body = JSON.stringify({ ...ask, stream: true, messages })
  const init = { method: 'POST', headers: await paying(), body }
  const response = await fetch(`${large.url}/v1/chat/completions`, init)
  const reader = response.body!.getReader()
  await reader.read()
  await new Promise((resolve) => setTimeout(resolve, 2 * timeouts.betweenTokensMs))
  expect(large.events.map(({ type }) => type)).toEqual(['begun', 'firstToken'])
  await reader.cancel()
  await vi.waitFor(() => expect(large.upstream.requests.at(-1)?.isAborted).toBe(true))
  await large.close()
})

test('behavior: what is too much waits, and more than that is sent away', async () => {
  serving.upstream.setRule(() => ({ kind: 'slow', firstMs: 150 }))
  const statuses = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const response = await post()
      return [response.status, response.headers.get('retry-after')]
    }),
  )
  expect(statuses.sort()).toEqual([
    [200, null],
    [200, null],
    [200, null],
    [503, '1'],
  ])
  expect(standing().reserved).toBe(0n)
})

test('behavior: no key of ours comes out, whatever the model says', async () => {
  const message = `Incorrect API key provided: ${key}, or ${key.slice(0, 8)}****mnop, see https://x`
  for (const status of [400, 401, 500]) {
    serving.upstream.failNext(
      { kind: 'status', status, message },
      { kind: 'errorEvent', after: 1, message },
    )
    for (const stream of [false, true]) {
      const response = await post(
        { stream },
        { headers: { [names.request]: keccak256(`0x${status}0`) } },
      )
      expect(await response.text()).not.toMatch(/abcdef|sk-proj/)
    }
  }
  const told = JSON.stringify(serving.events, (_, value) =>
    value instanceof Error
      ? `${value.stack}${value.cause}`
      : typeof value === 'bigint'
        ? `${value}`
        : value,
  )
  expect(told).not.toMatch(/abcdef|sk-proj/)
})
