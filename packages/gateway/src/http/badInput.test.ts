import { request } from 'node:http'
import { connect } from 'node:net'
import { createCloser, serveUpstream, startGateway } from '@assay/testing'
import { afterEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

async function createScene(http: Record<string, unknown> = {}) {
  const upstream = await track(serveUpstream())
  const provider = { name: 'echo', baseUrl: upstream.url, models: [{ name: 'echo-1' }] }
  const gateway = await track(startGateway({ config: { providers: [provider], http } }))
  const post = async (body: Body, headers: Record<string, string> = {}) => {
    const url = `${gateway.baseUrl}/chat/completions`
    const response = await fetch(url, { method: 'POST', body, headers })
    return { status: response.status, body: (await response.json()) as Answer }
  }
  return { upstream, gateway, post }
}

type Body = NonNullable<RequestInit['body']>

type Answer = { error: { code: string; message: string; type: string; param: string | null } }

const body = JSON.stringify({ model: 'echo-1', messages: [{ role: 'user', content: 'hi' }] })

test.each([
  ['no JSON', '{"model":', 400, 'invalid_json'],
  ['no object', '["model"]', 400, 'invalid_json'],
  ['nothing', '', 400, 'invalid_json'],
  ['no model', '{"messages":[]}', 400, 'invalid_value'],
  ['a model that is no text', '{"model":7}', 400, 'invalid_value'],
  ['deep JSON', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400, 'json_too_deep'],
  ['deep lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'json_too_deep'],
  [
    'invalid UTF-8',
    Buffer.from([...Buffer.from('{"model":"'), 0xff, 0x22, 0x7d]),
    400,
    'invalid_encoding',
  ],
] as [string, Body, number, string][])('error: %s', async (_, given, status, code) => {
  const { post, upstream } = await createScene()
  const answer = await post(given)
  expect(answer).toMatchObject({ status, body: { error: { code } } })
  expect(upstream.requests).toEqual([])
})

test('error: a body of 100 MB is refused without being taken in', async () => {
  const { gateway, upstream } = await createScene()
  const size = 100 * 1024 * 1024
  let sent = 0
  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-length': size }
    const asked = request(`${gateway.baseUrl}/chat/completions`, { method: 'POST', headers })
    asked.once('response', (response) => resolve(response.statusCode)).on('error', reject)
    const write = () => {
      while (sent < size && asked.write(Buffer.alloc(65_536, 32))) sent += 65_536
    }
    asked.on('drain', write)
    write()
  })
  expect(status).toBe(413)
  expect(sent).toBeLessThan(size / 4)
  expect(upstream.requests).toEqual([])
})

test('error: a body that grows over the limit without saying so', async () => {
  const { gateway } = await createScene({ bodyBytes: 1024 })
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(Buffer.alloc(512, 32))
    },
  })
  const url = `${gateway.baseUrl}/chat/completions`
  const asked = fetch(url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)
  const answer = await asked.catch(() => undefined)
  if (answer !== undefined) expect(answer.status).toBe(413)
})

test('error: headers that are bombs, and names that are none', async () => {
  const { post } = await createScene()
  const bomb = await post(body, { 'x-bomb': 'a'.repeat(40_000) }).catch(() => ({ status: 431 }))
  expect(bomb.status).toBe(431)
  for (const [name, value, code] of [
    ['idempotency-key', 'a'.repeat(256), 'invalid_idempotency_key'],
    ['x-assay-secret', '0x12', 'invalid_secret'],
    ['x-assay-privacy', 'secret', 'invalid_privacy'],
  ] as const) {
    expect(await post(body, { [name]: value })).toMatchObject({
      status: 400,
      body: { error: { code } },
    })
  }
})

test('error: a client that never ends its request is cut off', async () => {
  const { gateway } = await createScene({ requestMs: 300 })
  const { port } = new URL(gateway.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  await new Promise((resolve) => socket.once('close', resolve))
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/)
})

test('behavior: pages of other origins may ask, and read the headers', async () => {
  const { gateway } = await createScene()
  const response = await fetch(`${gateway.baseUrl}/models`, {
    headers: { origin: 'https://a.example' },
  })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-expose-headers')).toContain('x-assay-receipt')
})

test('behavior: health, numbers, and what there is not', async () => {
  const { gateway, post, upstream } = await createScene()
  upstream.failNext({ kind: 'status', status: 500 })
  await post(body)
  expect(await (await fetch(`${gateway.url}/healthz`)).json()).toEqual({
    isHealthy: true,
    upstreams: 1,
  })
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
  expect(metrics).toContain('assay_gateway_attempts_total{upstream="echo",outcome="answered"} 1')
  expect(metrics).toContain(
    'assay_gateway_failovers_total{upstream="echo",failure="server_error"} 1',
  )
  expect(metrics).toContain('assay_gateway_requests_total{task="chat",status="200"} 1')
  const missing = await fetch(`${gateway.baseUrl}/assistants`)
  expect([missing.status, await missing.json()]).toMatchObject([
    404,
    { error: { code: 'unknown_url' } },
  ])
})
