import { decodeReceiptHeader, headers as names, type Task } from '@assay/protocol/http'
import { serveUpstream, type Upstream, type UpstreamFault } from '@assay/testing'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { createLimitedFetch } from '../../packages/node/src/serving/createLimitedFetch.ts'
import { createUpstreamFetch } from '../../packages/node/src/serving/createUpstreamFetch.ts'
import { PackageMissingError } from '../../packages/node/src/serving/errors.ts'
import { createProviderBackend } from '../../packages/node/src/serving/provider/createProviderBackend.ts'
import { loadProvider } from '../../packages/node/src/serving/provider/loadProvider.ts'
import { systemClock } from '../../packages/node/src/support/clock.ts'
import {
  key,
  openAiClient,
  paying,
  price,
  type Serving,
  startServing,
  timeouts,
  version,
} from './startServing.ts'

const look = {
  type: 'function',
  function: { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } },
} as const
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const providers = [
  { specifier: '@ai-sdk/anthropic', path: '/v1', tasks: ['chat'] },
  { specifier: '@ai-sdk/google', path: '/v1beta', tasks: ['chat', 'embeddings', 'images'] },
  { specifier: '@ai-sdk/openai-compatible', path: '/v1', tasks: ['chat', 'embeddings', 'images'] },
] as const

describe.each(providers)('$specifier', ({ specifier, path, tasks }) => {
  let upstream: Upstream
  let serving: Serving
  let client: OpenAI
  let closeFetch: () => Promise<void>
  const isOpen = specifier === '@ai-sdk/openai-compatible'

  beforeAll(async () => {
    upstream = await serveUpstream({ key, models: ['echo-1', 'gemini-image-echo'] })
    const baseUrl = `${upstream.url}${path}`
    const own = createUpstreamFetch({ connectMs: timeouts.connectMs })
    closeFetch = own.close
    const provider = await loadProvider({
      specifier,
      key,
      baseUrl,
      fetch: createLimitedFetch(own.fetch, 100_000),
    })
    const create = (model: string, its: readonly Exclude<Task, 'infer'>[]) =>
      createProviderBackend({
        ...{ provider, model, tasks: its, secret: key, clock: systemClock },
        ...{ timeouts, newId: () => 'chatcmpl-1' },
      })
    const common = { version, price, maxUnitsOut: 100, countsHidden: false } as const
    const terms = { payments: ['tab'], verification: 'receipt' } as const
    const models = [
      { ...common, ...terms, name: 'echo', backend: create('echo-1', tasks) },
      { ...common, ...terms, name: 'image', backend: create('gemini-image-echo', tasks) },
    ].map((model) => ({ ...model, payments: [...model.payments] }))
    serving = await startServing({ models })
    client = await openAiClient(serving)
  })
  afterAll(async () => {
    await serving.close()
    await closeFetch()
    await upstream.close()
  })

  const messages = [
    { role: 'system', content: 'Be an echo.' },
    { role: 'user', content: 'one two three' },
  ] as const
  const ask = { model: 'echo', messages: [...messages] }

  test('default: answers, and says who did and what it took', async () => {
    const { data, response } = await client.chat.completions.create(ask).withResponse()
    expect(data).toMatchObject({
      ...{ object: 'chat.completion', model: 'echo-1' },
      choices: [{ finish_reason: 'stop', message: { content: 'one two three' } }],
      usage: { completion_tokens: 3 },
    })
    const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
    expect(document).toMatchObject({ servedModel: 'echo-1', usage: 'upstream' })
    expect(document.receipt.unitsOut).toBe(3n)
  })

  test('behavior: streams, with counts if they are asked for', async () => {
    for (const include_usage of [true, false]) {
      const streaming = { stream: true, stream_options: { include_usage } } as const
      const stream = await client.chat.completions.create({ ...ask, ...streaming })
      const chunks = await Array.fromAsync(stream)
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
      expect(text).toBe('one two three')
      expect(chunks.some(({ choices }) => choices[0]?.finish_reason === 'stop')).toBe(true)
      expect(chunks.filter(({ usage }) => usage?.completion_tokens === 3).length).toBe(
        include_usage ? 1 : 0,
      )
      expect(chunks.at(-1)).toHaveProperty('inference_receipt')
    }
  })

  test('behavior: calls tools, is told what they said, and sees images', async () => {
    const first = await client.chat.completions.create({
      ...{ ...ask, tools: [look], tool_choice: { type: 'function', function: { name: 'look' } } },
    })
    const [choice] = first.choices
    expect(choice?.finish_reason).toBe('tool_calls')
    const [call] = choice!.message.tool_calls!
    expect(JSON.parse((call as { function: { arguments: string } }).function.arguments)).toEqual({
      text: 'one two three',
    })
    const result = { role: 'tool', tool_call_id: call!.id, content: 'found it' } as const
    const after = [...messages, choice!.message, result]
    const second = await client.chat.completions.create({ ...ask, messages: after, tools: [look] })
    expect(second.choices[0]?.message.content).toContain('found it')
    const streamed = client.chat.completions.stream({ ...ask, tools: [look] })
    const final = await streamed.finalChatCompletion()
    expect(final.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'look' } }])
    const image = { type: 'image_url', image_url: { url: pixel } } as const
    await client.chat.completions.create({ ...ask, messages: [{ role: 'user', content: [image] }] })
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).toContain('iVBORw0KGgo')
  })

  test('behavior: passes on what limits and shapes an answer', async () => {
    const format = {
      type: 'json_schema',
      json_schema: { name: 'echo', schema: { type: 'object', properties: {} } },
    } as const
    await client.chat.completions.create({
      ...{ ...ask, temperature: 0.5, top_p: 0.9, stop: ['END'], response_format: format },
    })
    const sent = JSON.stringify(upstream.requests.at(-1)?.body)
    for (const part of ['0.5', 'END', '100']) expect(sent).toContain(part)
    const { choices } = await client.chat.completions.create({ ...ask, max_tokens: 2 })
    expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'one two' } })
  })

  test.runIf(tasks.length > 1)('behavior: embeds and draws', async () => {
    const { data } = await client.embeddings.create({ model: 'echo', input: ['one', 'two'] })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
    const images = await client.images.generate({ model: 'image', prompt: 'a dot', n: 2 })
    expect(images.data?.map(({ b64_json }) => b64_json?.slice(0, 6))).toEqual(['iVBORw', 'iVBORw'])
  })

  const faults: [string, UpstreamFault, number, string][] = [
    ['breaks the connection', { kind: 'reset' }, 502, 'upstream_unreachable'],
    ['is limited', { kind: 'status', status: 429, retryAfter: '7' }, 429, 'rate_limit_exceeded'],
    [
      'has no credit',
      { kind: 'status', status: 400, message: 'Your credit balance is too low' },
      503,
      'upstream_quota',
    ],
    ['fails', { kind: 'status', status: 500 }, 502, 'upstream_failed'],
    [
      'knows no key',
      { kind: 'status', status: 401, message: `no ${key}` },
      502,
      'upstream_unauthorized',
    ],
    [
      'refuses',
      { kind: 'status', status: 400, message: `bad ${key} thing` },
      400,
      'upstream_refused',
    ],
    ['talks garbage', { kind: 'garbage' }, 502, 'upstream_malformed'],
    ['says too much', { kind: 'huge', bytes: 200_000 }, 502, 'upstream_too_large'],
    ['is silent', { kind: 'hang' }, 504, 'upstream_timeout'],
  ]
  test.each(faults)(
    'error: a provider that %s charges nothing, and is asked once',
    async (_, fault, status, code) => {
      const { cumulativeFee } = serving.issuer.state()
      const { length } = upstream.requests
      upstream.failNext(fault)
      const error = await client.chat.completions.create(ask).catch((thrown) => thrown)
      expect(error).toMatchObject({ status, code })
      expect(JSON.stringify([error.error, error.message])).not.toContain(key)
      if (fault.kind === 'status' && fault.retryAfter)
        expect(error.headers.get('retry-after')).toBe('7')
      expect(upstream.requests.length).toBe(length + 1)
      expect(serving.issuer.state()).toMatchObject({ cumulativeFee, reserved: 0n })
    },
  )

  const breaks: UpstreamFault[] = [
    { kind: 'cut', after: 5 },
    { kind: 'unfinished' },
    { kind: 'errorEvent', after: 5 },
    { kind: 'stall', after: 5 },
  ]
  test.each(breaks)(
    'error: a stream with the fault $kind ends without a receipt',
    async (fault) => {
      const { cumulativeFee } = serving.issuer.state()
      const at = isOpen || path === '/v1beta' ? { after: 2 } : {}
      upstream.failNext({ ...fault, ...('after' in fault && at) } as UpstreamFault)
      const stream = await client.chat.completions.create({ ...ask, stream: true })
      await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(OpenAI.APIError)
      expect(serving.issuer.state()).toMatchObject({ cumulativeFee, reserved: 0n })
    },
  )

  test('behavior: a client that goes away stops the provider', async () => {
    upstream.failNext({ kind: 'slow', betweenMs: 60 })
    const stream = await client.chat.completions.create({ ...ask, stream: true })
    for await (const _ of stream) break
    await vi.waitFor(() => expect(upstream.requests.at(-1)?.isAborted).toBe(true))
  })

  test('error: what has no place in its API is refused before it is asked', async () => {
    const { length } = upstream.requests
    const url = isOpen ? 'file:///etc/passwd' : 'http://127.0.0.1:1/a.png'
    const image = { type: 'image_url', image_url: { url } } as const
    const wrong = [
      { n: 2 },
      { messages: [{ role: 'user', content: [{ ...image, type: 'image' }] }] },
      ...(path === '/v1' && !isOpen ? [] : [{ messages: [{ role: 'user', content: [image] }] }]),
    ]
    for (const change of wrong) {
      const init = {
        method: 'POST',
        headers: await paying(),
        body: JSON.stringify({ ...ask, ...change }),
      }
      expect((await fetch(`${serving.url}/v1/chat/completions`, init)).status).toBe(400)
    }
    expect(upstream.requests.length).toBe(length)
  })
})

test('error: a provider whose package is missing says how to get it', async () => {
  const missing = { specifier: '@ai-sdk/none', key, baseUrl: undefined, fetch }
  await expect(loadProvider(missing)).rejects.toThrow(PackageMissingError)
})
