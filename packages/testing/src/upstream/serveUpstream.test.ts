import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { serveUpstream, type Upstream } from './serveUpstream.ts'
import type { UpstreamFault } from './upstream.ts'

const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' }
let upstream: Upstream

beforeEach(async () => {
  upstream = await serveUpstream({ models: ['echo-1'], key: 'sk-test' })
})
afterEach(() => upstream.close())

function ask(body: object = {}, init: RequestInit = {}) {
  const messages = [{ role: 'user', content: 'one two three' }]
  const text = JSON.stringify({ model: 'echo-1', messages, ...body })
  const url = `${upstream.baseUrl}/chat/completions`
  return fetch(url, { method: 'POST', headers, body: text, ...init })
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
async function jsonOf(response: Response): Promise<any> {
  return response.json()
}

async function eventsOf(response: Response) {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((frame) => frame.replace(/^data: /, ''))
}

test('default: echoes in a body and in a stream, and counts', async () => {
  const body = await jsonOf(await ask())
  expect(body.choices[0]).toMatchObject({
    ...{ finish_reason: 'stop', message: { content: 'one two three' } },
  })
  expect(body.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 3 })
  const streamed = await ask({ stream: true, stream_options: { include_usage: true } })
  const events = await eventsOf(streamed)
  expect(events.at(-1)).toBe('[DONE]')
  const chunks = events.slice(0, -1).map((data) => JSON.parse(data))
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
    'one two three',
  )
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } })
  expect(upstream.requests[1]?.body.stream).toBe(true)
})

test('behavior: calls a tool that it is given, and then says what the tool said', async () => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: {} } }]
  const { choices } = await jsonOf(await ask({ tools }))
  expect(choices[0].finish_reason).toBe('tool_calls')
  expect(choices[0].message.tool_calls[0].function).toEqual({
    ...{ name: 'look', arguments: '{"text":"one two three"}' },
  })
  const messages = [{ role: 'tool', tool_call_id: 'call_0', content: 'found' }]
  const after = await jsonOf(await ask({ tools, messages }))
  expect(after.choices[0].message.content).toBe('found')
})

test('behavior: knows its models and its key', async () => {
  expect((await ask({ model: 'other' })).status).toBe(404)
  const stranger = await ask({}, { headers: { ...headers, authorization: 'Bearer no' } })
  expect(stranger.status).toBe(401)
  expect(await stranger.json()).toHaveProperty('error.message')
})

test.each<[string, UpstreamFault, object, (response: Response) => Promise<unknown>]>([
  ['a status', { kind: 'status', status: 503 }, {}, async ({ status }) => expect(status).toBe(503)],
  [
    'a limit',
    { kind: 'status', status: 429, retryAfter: '2', code: 'rate_limit_exceeded' },
    {},
    async (response) => expect(response.headers.get('retry-after')).toBe('2'),
  ],
  [
    'no finish',
    { kind: 'unfinished' },
    { stream: true },
    async (response) => expect(await response.text()).not.toMatch(/"stop"|DONE/),
  ],
  [
    'no [DONE]',
    { kind: 'withoutDone' },
    { stream: true },
    async (response) => expect((await eventsOf(response)).at(-1)).toMatch(/"stop"/),
  ],
  [
    'an error in the stream',
    { kind: 'errorEvent', after: 2 },
    { stream: true },
    async (response) => expect((await eventsOf(response)).at(-1)).toMatch(/^\{"error"/),
  ],
  ['a cut', { kind: 'cut', after: 2 }, { stream: true }, breaks],
  ['a cut body', { kind: 'cut', after: 0 }, {}, breaks],
  [
    'garbage',
    { kind: 'garbage' },
    {},
    async (response) => expect(response.json()).rejects.toThrow(SyntaxError),
  ],
  [
    'another model',
    { kind: 'model', name: 'echo-0' },
    {},
    async (response) => expect(await response.json()).toHaveProperty('model', 'echo-0'),
  ],
  [
    'other counts',
    { kind: 'usage', usage: { input: 1, output: 1e6 } },
    {},
    async (response) => expect((await jsonOf(response)).usage.completion_tokens).toBe(1e6),
  ],
  [
    'no counts',
    { kind: 'usage', usage: undefined },
    {},
    async (response) => expect(await response.json()).not.toHaveProperty('usage'),
  ],
  [
    'much',
    { kind: 'huge', bytes: 1e6 },
    {},
    async (response) => expect((await response.text()).length).toBeGreaterThan(1e6),
  ],
])('behavior: fails by %s, and only once', async (_, fault, body, check) => {
  upstream.failNext(fault)
  await check(await ask(body))
  expect((await ask(body)).status).toBe(200)
})

async function breaks(response: Response) {
  await expect(response.text()).rejects.toThrow(TypeError)
}

test('behavior: breaks off, is silent, and does not listen', async () => {
  upstream.failNext({ kind: 'reset' }, { kind: 'hang' })
  await expect(ask()).rejects.toThrow(TypeError)
  const signal = AbortSignal.timeout(100)
  await expect(ask({}, { signal })).rejects.toThrow(DOMException)
  await vi.waitFor(() =>
    expect(upstream.requests.map((seen) => seen.isAborted)).toEqual([false, true]),
  )
  await upstream.setListening(false)
  await expect(ask()).rejects.toThrow(TypeError)
  await upstream.setListening(true)
  expect((await ask()).status).toBe(200)
})

test('behavior: sees that a client goes away within a stream', async () => {
  upstream.setRule(() => ({ kind: 'stall', after: 2 }))
  const controller = new AbortController()
  const response = await ask({ stream: true }, { signal: controller.signal })
  await response.body?.getReader().read()
  expect(upstream.requests[0]?.isAborted).toBe(false)
  controller.abort()
  await vi.waitFor(() => expect(upstream.requests[0]?.isAborted).toBe(true))
})
