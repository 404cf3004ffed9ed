import { deriveEncryptionKeys, encryptionKeyOf } from '@assay/protocol/envelope'
import { createSealedFetch, eventQuantum, forms, sealRequest } from '@assay/protocol/ohttp'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { toHex } from 'viem'
import { expect, test } from 'vitest'

import { createSealedApp } from './createSealedApp.ts'
import { padEvents } from './padEvents.ts'

async function setUp() {
  const keys = await deriveEncryptionKeys(toHex(5n, { size: 32 }))
  const seen: { path: string; authorization: string | undefined; body: string }[] = []
  const inner = new Hono()
  inner.post('/v1/chat/completions', async (context) => {
    const { path } = context.req
    const body = await context.req.text()
    seen.push({ path, authorization: context.req.header('authorization'), body })
    if (!body.includes('stream')) return context.json({ id: 1 }, 200, { 'x-assay-operator': '0x1' })
    return streamSSE(context, async (stream) => {
      for (const data of ['a', 'b'.repeat(300), '[DONE]']) await stream.writeSSE({ data })
    })
  })
  const app = createSealedApp({ keys: async () => keys, fetch: inner.fetch, maxBytes: 100_000 })
  const wire: { request: number; sizes: number[] }[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    const response = await app.fetch(request.clone())
    const sizes: number[] = []
    wire.push({ request: (await request.arrayBuffer()).byteLength, sizes })
    const measured = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          sizes.push(chunk.length)
          controller.enqueue(chunk)
        },
      }),
    )
    return new Response(measured ?? null, response)
  }
  const encryptionKey = await encryptionKeyOf(keys)
  const relay = 'http://operator.example/ohttp'
  const sealedFetch = createSealedFetch({ fetch, relay, encryptionKey })
  return { app, seen, wire, keys, encryptionKey, sealedFetch }
}

const url = 'http://operator.example/v1/chat/completions'
const post = (body: string) => ({ method: 'POST', body, headers: { authorization: 'Bearer 1' } })

test('default: a request that only the operator reads, and its answer', async () => {
  const { sealedFetch, seen, wire } = await setUp()
  const response = await sealedFetch(url, post('{"model":"m"}'))
  expect([response.status, await response.json()]).toEqual([200, { id: 1 }])
  expect(response.headers.get('x-assay-operator')).toBe('0x1')
  expect(seen).toEqual([
    { path: '/v1/chat/completions', authorization: 'Bearer 1', body: '{"model":"m"}' },
  ])
  expect(wire[0]!.request).toBe(1024 + 7 + 32 + 16)
})

test('default: a stream, as it is made, in pieces of padded size', async () => {
  const { sealedFetch, wire } = await setUp()
  const response = await sealedFetch(url, post('{"stream":true}'))
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const text = await response.text()
  const data = text.split('\n').filter((line) => line.startsWith('data:'))
  expect(data).toEqual(['data: a', `data: ${'b'.repeat(300)}`, 'data: [DONE]'])
  // Length of the piece and of the chunk around it, two bytes each, and the tag.
  const pieces = wire[0]!.sizes.slice(2, -1)
  expect(pieces.map((size) => (size - 20) % eventQuantum)).toEqual(pieces.map(() => 0))
  expect(pieces.length).toBeGreaterThan(0)
})

test('behavior: publishes its key as RFC 9458 has it', async () => {
  const { app, encryptionKey } = await setUp()
  const response = await app.request('/.well-known/ohttp-gateway')
  expect(response.headers.get('content-type')).toBe('application/ohttp-keys')
  const config = Buffer.from(await response.arrayBuffer()).toString('hex')
  expect(config).toBe(`0029010020${encryptionKey.slice(2)}000400010001`)
})

test('behavior: what the operator refuses is sealed, too', async () => {
  const { sealedFetch } = await setUp()
  expect((await sealedFetch('http://operator.example/nowhere', post('{}'))).status).toBe(404)
})

test('behavior: events that come in fragments are padded between events only', async () => {
  const text = 'data: one\n\ndata: two\n\n: comment\n\ndata: three'
  for (const size of [1, 5, 1000]) {
    async function* fragments() {
      for (let i = 0; i < text.length; i += size) yield Buffer.from(text.slice(i, i + size))
    }
    const pieces: Buffer[] = []
    for await (const piece of padEvents(fragments())) pieces.push(Buffer.from(piece))
    const whole = Buffer.concat(pieces).toString()
    expect(whole.replaceAll(/: +\n\n/g, '')).toBe(text)
    for (const piece of pieces.slice(0, -1)) expect(piece.length % eventQuantum).toBe(0)
  }
})

test('error: another key, changed bytes, no sealed request, too much', async () => {
  const { app, encryptionKey } = await setUp()
  const other = await encryptionKeyOf(await deriveEncryptionKeys(toHex(6n, { size: 32 })))
  const send = async (bytes: Uint8Array, type: string = forms.whole.requestType) => {
    const headers = { 'content-type': type }
    const init = { method: 'POST', headers, body: Uint8Array.from(bytes) }
    const response = await app.request('http://operator.example/ohttp', init)
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
  }
  const request = { method: 'POST', scheme: 'http', authority: 'x', path: '/v1', headers: [] }
  const seal = async (encryptionKey_: `0x${string}`, path = '/v1') =>
    (
      await sealRequest({
        encryptionKey: encryptionKey_,
        request: { ...request, path, body: new Uint8Array(9) },
      })
    ).bytes
  expect(await send(await seal(other))).toEqual([422, 'unopenable'])
  const bytes = await seal(encryptionKey)
  expect(await send(bytes.with(60, bytes[60]! ^ 1))).toEqual([422, 'unopenable'])
  expect(await send(bytes.subarray(0, 30))).toEqual([400, 'malformed'])
  expect(await send(bytes, 'application/json')).toEqual([415, 'unsupported_media_type'])
  expect(await send(new Uint8Array(100_001))).toEqual([413, 'too_large'])
  for (const path of ['/ohttp', '//elsewhere.example/v1', 'http://elsewhere.example/', ''])
    expect(await send(await seal(encryptionKey, path))).toEqual([400, 'malformed'])
})
