import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { headers as names } from '@assay/protocol/http'
import { createSealedFetch, eventQuantum, forms, OhttpTruncatedError } from '@assay/protocol/ohttp'
import { createVerifiedFetch, type VerifiedAnswer } from '@assay/sdk'
import { createCloser, startGateway } from '@assay/testing'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'

import { chain, operator, paying, startServing } from './startServing.ts'

/* Sealed requests through the gateway, to the operator's own HTTP interface. */

const { track, closeAll } = createCloser()
afterEach(closeAll)

const apiKey = 'sk-gateway'
const messages = [{ role: 'user' as const, content: 'one two three' }]

type Seen = { path: string; headers: IncomingHttpHeaders; request: Buffer; response: Buffer[] }

/** What lies between gateway and operator, and keeps every byte that it sees. */
async function startWire(to: string) {
  const seen: Seen[] = []
  let cutAfter: number | undefined
  let page: string | undefined
  const server = createServer(async (incoming, outgoing) => {
    const { url: path = '', headers, method = '' } = incoming
    const entry: Seen = { path, headers, request: await buffer(incoming), response: [] }
    seen.push(entry)
    if (page !== undefined)
      return outgoing.writeHead(200, { 'content-type': 'text/html' }).end(page)
    const controller = new AbortController()
    outgoing.once('close', () => controller.abort())
    const passed = Object.entries(headers).filter(([name]) => name.startsWith('content-type'))
    const body = method === 'POST' ? Uint8Array.from(entry.request) : null
    const response = await fetch(`${to}${path}`, {
      ...{ method, body, headers: passed as [string, string][], signal: controller.signal },
    }).catch(() => undefined)
    if (response === undefined) return outgoing.destroy()
    outgoing.writeHead(response.status, [...response.headers].flat())
    try {
      for await (const chunk of response.body ?? []) {
        entry.response.push(Buffer.from(chunk))
        outgoing.write(chunk)
        if (path === '/ohttp' && entry.response.length === cutAfter) return outgoing.destroy()
      }
      outgoing.end()
    } catch {
      outgoing.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Sealed requests. */
    sealed: () => seen.filter(({ path }) => path === '/ohttp'),
    cutAfter(pieces: number) {
      cutAfter = pieces
    },
    /** Answers by a page from now on, as a server does that is no operator. */
    answerBy(html: string) {
      page = html
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function setUp(config: Record<string, unknown> = {}) {
  const serving = await track(startServing())
  const wire = await track(startWire(serving.url))
  const gateway = await track(
    startGateway({
      environment: { GATEWAY_KEY: apiKey },
      config: {
        ...{ ...chain, trustCards: true, operators: [{ url: wire.url }] },
        ...{ keys: [{ name: 'web', env: 'GATEWAY_KEY' }], ...config },
      },
    }),
  )
  const relay = `${gateway.url}/relay/${operator.address}`
  const { encryptionKey } = serving
  const relayHeaders = { authorization: `Bearer ${apiKey}`, 'x-forwarded-for': '203.0.113.7' }
  const sealedFetch = createSealedFetch({ fetch, relay, encryptionKey, relayHeaders })
  const answers: VerifiedAnswer[] = []
  const client = new OpenAI({
    ...{ baseURL: 'http://operator.example/v1', apiKey: 'unused', maxRetries: 0 },
    defaultHeaders: await paying(),
    fetch: createVerifiedFetch({
      ...{ fetch: sealedFetch, deployment: chain },
      onAnswer: (answer) => answers.push(answer),
    }),
  })
  return { serving, wire, gateway, relay, relayHeaders, client, answers }
}

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

test('default: an answer that the relay did not read, with a receipt that holds', async () => {
  const { client, answers, wire, gateway } = await setUp()
  const { choices } = await client.chat.completions.create({ model: 'echo', messages })
  expect(choices[0]!.message.content).toBe('one two three')
  expect(answers[0]!.document.receipt.operator).toBe(operator.address)
  const [seen] = wire.sealed()
  const { [names.voucher]: voucher = '' } = await paying()
  const bytes = Buffer.concat([seen!.request, ...seen!.response]).toString('latin1')
  for (const secret of ['one two three', 'echo', voucher.slice(0, 40), answers[0]!.secret]) {
    expect(bytes).not.toContain(secret)
  }
  // The seal is 7 bytes of header, the key and the tag; the answer's is a nonce and the tag.
  const bucket = Math.log2(seen!.request.length - 7 - 32 - 16)
  expect(bucket).toBe(Math.round(bucket))
  const answer = Math.log2(Buffer.concat(seen!.response).length - 16 - 16)
  expect(answer).toBe(Math.round(answer))
  expect(gateway.of('relayed')).toMatchObject([{ operator: operator.address, outcome: 'answered' }])
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain(
    `assay_gateway_relayed_total{operator="${operator.address}",outcome="answered"} 1`,
  )
})

test('default: a stream, piece by piece, with its receipt inside', async () => {
  const { client, answers, wire, serving } = await setUp()
  serving.upstream.failNext({ kind: 'slow', betweenMs: 40 })
  const times: number[] = []
  let text = ''
  const request = { model: 'echo', messages, stream: true } as const
  for await (const { choices } of await client.chat.completions.create(request)) {
    if (choices[0]?.delta.content) times.push(performance.now())
    text += choices[0]?.delta.content ?? ''
  }
  expect(text).toBe('one two three')
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(40)
  expect(answers).toHaveLength(1)
  const [{ response }] = wire.sealed() as [Seen]
  const bytes = Buffer.concat(response).toString('latin1')
  for (const word of ['one', 'two', 'three', 'inference_receipt']) expect(bytes).not.toContain(word)
  // Between head and end, whole pieces: what is sealed is a multiple of 256 bytes, with 20 bytes around it.
  const pieces = response.slice(2, -1).map(({ length }) => (length % eventQuantum) % 20)
  expect(pieces).toEqual(pieces.map(() => 0))
  expect(pieces.length).toBeGreaterThan(2)
})

test('behavior: nothing goes along that says who asks', async () => {
  const { client, wire } = await setUp()
  await client.chat.completions.create({ model: 'echo', messages })
  const { headers } = wire.sealed()[0]!
  expect(Object.keys(headers).toSorted()).toEqual(
    ['accept', 'connection', 'content-length', 'content-type', 'host'].toSorted(),
  )
})

test('behavior: what the operator refuses inside the seal is the client’s to read', async () => {
  const { client } = await setUp()
  const asked = client.chat.completions.create({ model: 'nobody', messages })
  await expect(asked).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
})

test('behavior: a client that leaves stops the operator', async () => {
  const { client, serving, gateway } = await setUp()
  serving.upstream.failNext({ kind: 'slow', betweenMs: 100 })
  const request = { model: 'echo', messages, stream: true } as const
  for await (const chunk of await client.chat.completions.create(request)) {
    if (chunk.choices[0]?.delta.content) break
  }
  await expect.poll(() => serving.upstream.requests[0]!.isAborted).toBe(true)
  await expect.poll(() => gateway.of('relayed')).toMatchObject([{ outcome: 'cancelled' }])
})

test('behavior: an answer that breaks off is known to be none', async () => {
  const { client, wire } = await setUp()
  wire.cutAfter(3)
  const request = { model: 'echo', messages, stream: true } as const
  const read = async () => {
    for await (const _ of await client.chat.completions.create(request));
  }
  await expect(read()).rejects.toThrow(OhttpTruncatedError)
})

test('behavior: without an API key only where the relay is public', async () => {
  const shut = await setUp()
  const sealed = { method: 'POST', body: 'x', headers: { 'content-type': forms.whole.requestType } }
  const refused = await fetch(shut.relay, sealed)
  expect([refused.status, await codeOf(refused)]).toEqual([401, 'invalid_api_key'])
  const open = await setUp({ relay: { public: true } })
  const carried = await fetch(open.relay, sealed)
  expect([carried.status, await codeOf(carried)]).toEqual([400, 'malformed'])
  expect(open.gateway.of('relayed')).toMatchObject([{ outcome: 'refused' }])
})

test('error: an operator that is not known, another type, too much, nobody there', async () => {
  const { gateway, relay, relayHeaders, serving, wire } = await setUp({
    http: { bodyBytes: 1_000 },
  })
  const send = async (url: string, body = 'x', type: string = forms.whole.requestType) => {
    const headers = { ...relayHeaders, 'content-type': type }
    const response = await fetch(url, { method: 'POST', body, headers })
    return [response.status, await codeOf(response)]
  }
  const stranger = `${gateway.url}/relay/0x00000000000000000000000000000000000000aa`
  expect(await send(stranger)).toEqual([404, 'operator_not_found'])
  expect(await send(`${gateway.url}/relay/echo`)).toEqual([404, 'operator_not_found'])
  expect(await send(relay, '{}', 'application/json')).toEqual([415, 'unsupported_media_type'])
  expect(await send(relay, 'x'.repeat(1_001))).toEqual([413, 'body_too_large'])
  expect(wire.sealed()).toEqual([])
  await wire.close()
  expect(await send(relay)).toEqual([502, 'upstream_unreachable'])
  expect(serving.upstream.requests).toEqual([])
})

test('error: an operator that is silent, or speaks in the open', async () => {
  const timeouts = { bodyMs: 100 }
  const { client, serving, gateway, wire, relay, relayHeaders } = await setUp({ timeouts })
  serving.upstream.failNext({ kind: 'hang' })
  const asked = client.chat.completions.create({ model: 'echo', messages })
  await expect(asked).rejects.toMatchObject({ status: 504, code: 'upstream_timeout' })
  expect(gateway.of('relayed')).toMatchObject([{ outcome: 'idle_timeout' }])
  wire.answerBy('<script>')
  const headers = { ...relayHeaders, 'content-type': forms.whole.requestType }
  const response = await fetch(relay, { method: 'POST', body: 'x', headers })
  expect([response.status, await codeOf(response)]).toEqual([502, 'upstream_malformed'])
})
