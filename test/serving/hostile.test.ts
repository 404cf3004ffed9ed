import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { paying, type Serving, startServing } from './startServing.ts'

let serving: Serving
const http = { headersTimeoutMs: 300, requestTimeoutMs: 600, maxHeaderBytes: 8_192 }

beforeAll(async () => {
  serving = await startServing({ http })
})
afterAll(() => serving.close())

const path = '/v1/chat/completions'
const ask = { model: 'echo', messages: [{ role: 'user', content: 'one' }] }

async function post(body: RequestInit['body'], headers: Record<string, string> = {}) {
  const init = { method: 'POST', headers: { ...(await paying()), ...headers }, duplex: 'half' }
  return fetch(`${serving.url}${path}`, { ...init, body: body ?? null } as RequestInit)
}

/** Writes to a socket, and returns what comes back until it closes, and after how many milliseconds that was. */
async function raw(write: (send: (text: string) => void) => void | Promise<void>) {
  const startedAt = performance.now()
  const socket = connect(Number(new URL(serving.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  await write((part) => void socket.write(part))
  await new Promise((resolve) => socket.once('close', resolve))
  return { text, ms: performance.now() - startedAt }
}

test.each([
  ['no JSON', '{"model":', 'invalid_json'],
  ['nothing', '', 'invalid_json'],
  ['no UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), 'invalid_json'],
  ['a broken surrogate in CESU', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'invalid_json'],
  ['no object', '"model"', 'invalid_value'],
  ['deep', `{"model":"echo","messages":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, 'invalid_json'],
  ['deep objects', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`, 'invalid_json'],
  ['a wrong number', JSON.stringify({ ...ask, max_tokens: -1 }), 'invalid_value'],
  ['no whole number', JSON.stringify({ ...ask, n: 1.5 }), 'invalid_value'],
  ['more choices than any', JSON.stringify({ ...ask, n: 1e9 }), 'invalid_value'],
])('error: a body that is %s is refused', async (_, body, code) => {
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code, type: 'invalid_request_error' } })
})

test('behavior: brackets within text are no depth', async () => {
  const messages = [{ role: 'user', content: `\\"${'[{'.repeat(500)}` }]
  expect((await post(JSON.stringify({ ...ask, messages }))).status).toBe(200)
})

test.each([
  ['x-assay-request', '0x01'],
  ['x-assay-secret', 'none'],
  ['x-assay-privacy', 'very'],
  ['x-assay-voucher', '%%%'],
  ['x-assay-order', 'e30'],
])('error: a malformed %s is refused', async (name, value) => {
  const response = await post(JSON.stringify(ask), { [name]: value })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_header' } })
})

test('error: a body of 100 MB is refused before it is read', async () => {
  const before = process.memoryUsage().rss
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      sent += 65_536
      if (sent > 100_000_000) controller.close()
      else controller.enqueue(new Uint8Array(65_536))
    },
  })
  const status = await post(body).then(
    (response) => response.status,
    () => 413,
  )
  expect(status).toBe(413)
  expect(sent).toBeLessThan(20_000_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000)
  const { text } = await raw((send) =>
    send(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000\r\n\r\n{`),
  )
  expect(text).toMatch(/^HTTP\/1.1 413/)
  expect(text).toContain('body_too_large')
})

test('error: bodies that are too much together are refused', async () => {
  const small = await startServing({ maxHeldBytes: 100_000 })
  small.upstream.setRule(() => ({ kind: 'slow', firstMs: 200 }))
  const messages = [{ role: 'user', content: 'a'.repeat(60_000) }]
  const init = {
    method: 'POST',
    headers: await paying(),
    body: JSON.stringify({ ...ask, messages }),
  }
  const send = async () => (await fetch(`${small.url}${path}`, init)).status
  expect((await Promise.all([send(), send()])).sort()).toEqual([200, 503])
  expect(await send()).toBe(200)
  await small.close()
})

test('error: a client that sends its headers a byte at a time is sent away', async () => {
  const { text, ms } = await raw((send) => {
    send(`POST ${path} HTTP/1.1\r\n`)
    const timer = setInterval(() => send('x'), 50)
    setTimeout(() => clearInterval(timer), 1_500)
  })
  expect(text).toMatch(/^HTTP\/1.1 408/)
  expect(ms).toBeLessThan(1_500)
})

test('error: a client that never ends its body is sent away', async () => {
  const { ms } = await raw((send) => {
    send(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n`)
    const timer = setInterval(() => send('x'), 100)
    setTimeout(() => clearInterval(timer), 3_000)
  })
  expect(ms).toBeLessThan(2_500)
})

test('error: headers without end are refused', async () => {
  const bomb = `GET /v1/models HTTP/1.1\r\nhost: x\r\nx-bomb: ${'a'.repeat(20_000)}\r\n\r\n`
  expect((await raw((send) => send(bomb))).text).toMatch(/^HTTP\/1.1 431/)
  const many = Array.from({ length: 5_000 }, (_, index) => `x-${index}: 1\r\n`).join('')
  const { text } = await raw((send) => send(`GET /v1/models HTTP/1.1\r\nhost: x\r\n${many}\r\n`))
  expect(text).toMatch(/^HTTP\/1.1 431/)
})

test('behavior: paths and methods that are none get an error of the same form', async () => {
  for (const [method, url, status] of [
    ['GET', '/v1/none', 404],
    ['DELETE', path, 405],
    ['POST', '/v1/responses', 404],
  ] as const) {
    const response = await fetch(`${serving.url}${url}`, { method })
    expect(response.status).toBe(status)
    expect(await response.json()).toHaveProperty('error.message')
  }
})

test('behavior: who stops takes nothing new', async () => {
  const stopping = await startServing()
  stopping.drain()
  const init = { method: 'POST', headers: await paying(), body: JSON.stringify(ask) }
  const response = await fetch(`${stopping.url}${path}`, init)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  await stopping.close()
})

test('behavior: browsers may ask, and read what is answered', async () => {
  const headers = {
    origin: 'https://app.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-assay-voucher',
  }
  const preflight = await fetch(`${serving.url}${path}`, { method: 'OPTIONS', headers })
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/x-assay-voucher/)
  const response = await post(JSON.stringify(ask), { origin: headers.origin })
  expect(response.headers.get('access-control-expose-headers')).toMatch(/x-assay-receipt/)
})

const curl = spawnSync('curl', ['--version']).status === 0
if (!curl) console.warn('curl is not installed: its test is skipped')

test.skipIf(!curl)('behavior: curl streams', async () => {
  const [[name, value]] = Object.entries(await paying()) as [[string, string]]
  const body = JSON.stringify({ ...ask, stream: true })
  const { promisify } = await import('node:util')
  const { execFile } = await import('node:child_process')
  const { stdout } = await promisify(execFile)('curl', [
    ...['-sN', `${serving.url}${path}`, '-H', `${name}: ${value}`, '-d', body],
  ])
  expect(stdout).toMatch(/inference_receipt[^\n]*\n\ndata: \[DONE\]\n\n$/)
})
