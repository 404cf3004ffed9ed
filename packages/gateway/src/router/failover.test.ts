import { createCloser, serveUpstream, startGateway, type UpstreamFault } from '@assay/testing'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

/** Two providers of one model, of which the first is cheaper, and a gateway over them. */
async function createScene(config: Record<string, unknown> = {}) {
  const first = await track(serveUpstream())
  const second = await track(serveUpstream())
  const price = (perRequest: string) => ({ perRequest, perMillionIn: '0', perMillionOut: '0' })
  const provider = (name: string, baseUrl: string, perRequest: string) => {
    const tasks = ['chat', 'embeddings', 'images']
    return { name, baseUrl, models: [{ name: 'echo-1', tasks, price: price(perRequest) }] }
  }
  const gateway = await track(
    startGateway({
      config: {
        providers: [provider('first', first.url, '100'), provider('second', second.url, '200')],
        timeouts: { firstTokenMs: 150, betweenTokensMs: 150, bodyMs: 300, totalMs: 5_000 },
        retry: { backoffMs: 20 },
        breaker: { failures: 3, halfOpenAfterMs: 200 },
        ...config,
      },
    }),
  )
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'any', maxRetries: 0 })
  return { first, second, gateway, client }
}

const messages = [{ role: 'user' as const, content: 'one two three' }]

async function streamed(client: OpenAI) {
  const { data, response } = await client.chat.completions
    .create({ model: 'echo-1', messages, stream: true })
    .withResponse()
  let text = ''
  for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? ''
  return { text, headers: response.headers }
}

async function whole(client: OpenAI) {
  const { data, response } = await client.chat.completions
    .create({ model: 'echo-1', messages })
    .withResponse()
  return { text: data.choices[0]!.message.content, headers: response.headers }
}

test('default: the best upstream answers, and the headers say who', async () => {
  const { client, second } = await createScene()
  for (const ask of [streamed, whole]) {
    const { text, headers } = await ask(client)
    expect(text).toBe('one two three')
    expect(headers.get('x-assay-operator')).toBe('first')
    expect(headers.get('x-assay-attempts')).toBe('1')
    expect(headers.get('x-assay-verification')).toBe('none')
    expect(headers.get('x-assay-served-model')).toBe('echo-1')
  }
  expect(second.requests).toEqual([])
})

const faults: [string, UpstreamFault, string][] = [
  ['a reset connection', { kind: 'reset' }, 'refused'],
  ['500', { kind: 'status', status: 500 }, 'server_error'],
  ['503', { kind: 'status', status: 503, retryAfter: '1' }, 'server_error'],
  ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: '5' }, 'rate_limited'],
  ['429 without', { kind: 'status', status: 429 }, 'rate_limited'],
  [
    'a quota that is used up',
    { kind: 'status', status: 429, code: 'insufficient_quota' },
    'quota_exhausted',
  ],
  ['401', { kind: 'status', status: 401 }, 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized'],
  ['a page of HTML', { kind: 'html' }, 'malformed'],
  ['garbage', { kind: 'garbage' }, 'malformed'],
  ['another model', { kind: 'model', name: 'smaller-1' }, 'wrong_model'],
]

test.each(faults)('behavior: a body fails over after %s', async (_, fault, failure) => {
  const { client, first, gateway } = await createScene()
  first.failNext(fault)
  const { text, headers } = await whole(client)
  expect(text).toBe('one two three')
  expect(headers.get('x-assay-operator')).toBe('second')
  expect(headers.get('x-assay-reason')).toBe(`failover: ${failure} of first`)
  expect(gateway.of('failed_over')).toMatchObject([{ upstream: 'first', failure }])
})

test.each([
  ...faults,
  ['silence', { kind: 'hang' }, 'first_token_timeout'],
  ['headers and then silence', { kind: 'stall', after: 0 }, 'first_token_timeout'],
  ['a role and then silence', { kind: 'stall', after: 1 }, 'first_token_timeout'],
  ['a first token that is late', { kind: 'slow', firstMs: 400 }, 'first_token_timeout'],
  ['a stream cut before its first token', { kind: 'cut', after: 0 }, 'cut'],
  ['an error event before the first token', { kind: 'errorEvent', after: 0 }, 'server_error'],
] as typeof faults)('behavior: a stream fails over after %s', async (_, fault, failure) => {
  const { client, first, gateway } = await createScene()
  first.failNext(fault)
  const { text, headers } = await streamed(client)
  expect(text).toBe('one two three')
  expect(headers.get('x-assay-operator')).toBe('second')
  expect(headers.get('x-assay-attempts')).toBe('2')
  expect(gateway.of('failed_over')).toMatchObject([{ upstream: 'first', failure }])
})

test('behavior: an upstream that is not there is passed over', async () => {
  const { client, first } = await createScene()
  await first.setListening(false)
  expect((await whole(client)).headers.get('x-assay-operator')).toBe('second')
})

test.each([
  ['cut', { kind: 'cut', after: 3 }],
  ['silence', { kind: 'stall', after: 3 }],
  ['its own error event', { kind: 'errorEvent', after: 3 }],
  ['no [DONE]', { kind: 'withoutDone' }],
] as [string, UpstreamFault][])(
  'error: what began is not continued by another after %s',
  async (_, fault) => {
    const { first, second, gateway } = await createScene()
    first.failNext(fault)
    const response = await fetch(`${gateway.baseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'echo-1', messages, stream: true }),
    })
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).not.toContain('[DONE]')
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^data: {"error":/)
    expect(second.requests).toEqual([])
  },
)

test('behavior: the client of OpenAI throws what a stream ends with', async () => {
  const { client, first } = await createScene()
  first.failNext({ kind: 'cut', after: 3 })
  await expect(streamed(client)).rejects.toThrow(OpenAI.APIError)
})

test.each([400, 404, 422])(
  'behavior: %i is the client’s to mend, and goes to nobody else',
  async (status) => {
    const { client, first, second } = await createScene()
    first.failNext({ kind: 'status', status, message: 'No such thing.', code: 'mine' })
    const error = await whole(client).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ status, code: 'mine' })
    expect(second.requests).toEqual([])
  },
)

test('behavior: a rate limit is waited for as long as its upstream says, and not a quota', async () => {
  const { client, first, second } = await createScene()
  first.failNext({ kind: 'status', status: 429, retryAfter: '0.3' })
  await whole(client)
  await whole(client)
  expect(second.requests).toHaveLength(2)
  await new Promise((resolve) => setTimeout(resolve, 320))
  expect((await whole(client)).headers.get('x-assay-operator')).toBe('first')
  first.failNext({ kind: 'status', status: 429, retryAfter: '0.1', code: 'insufficient_quota' })
  await whole(client)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect((await whole(client)).headers.get('x-assay-operator')).toBe('second')
})

test('behavior: the breaker opens, lets one request try, and closes', async () => {
  const { client, first, gateway } = await createScene()
  first.setRule(() => ({ kind: 'status', status: 500 }))
  for (let count = 0; count < 5; count++) await whole(client)
  expect(first.requests).toHaveLength(3)
  await new Promise((resolve) => setTimeout(resolve, 220))
  await Promise.all([whole(client), whole(client), whole(client)])
  expect(first.requests).toHaveLength(4)
  first.setRule(undefined)
  await new Promise((resolve) => setTimeout(resolve, 220))
  await whole(client)
  const states = gateway.of('breaker_changed').map(({ state }) => state)
  expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed'])
})

test('behavior: with every breaker open the least bad is tried, and then 503 says when to come back', async () => {
  const { client, first, second } = await createScene()
  for (const upstream of [first, second]) upstream.setRule(() => ({ kind: 'status', status: 500 }))
  for (let count = 0; count < 4; count++) await whole(client).catch(() => undefined)
  const before = first.requests.length + second.requests.length
  const error = await whole(client).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ status: 503, code: 'upstream_unavailable' })
  expect((error as { headers: Headers }).headers.get('retry-after')).toBe('1')
  expect(first.requests.length + second.requests.length).toBeGreaterThan(before)
})

test('behavior: one upstream that fails once is asked again', async () => {
  const { client, first, second } = await createScene()
  await second.setListening(false)
  first.failNext({ kind: 'status', status: 500 })
  const { headers } = await whole(client)
  expect(headers.get('x-assay-operator')).toBe('first')
  expect(headers.get('x-assay-attempts')).toBe('3')
})

test('behavior: a client that leaves stops the upstream', async () => {
  const { client, first, second } = await createScene()
  await second.setListening(false)
  first.setRule(() => ({ kind: 'slow', betweenMs: 50 }))
  const stream = await client.chat.completions.create({ model: 'echo-1', messages, stream: true })
  for await (const _ of stream) break
  await expect.poll(() => first.requests[0]?.isAborted).toBe(true)
  first.setRule(() => ({ kind: 'hang' }))
  const controller = new AbortController()
  const asked = client.chat.completions.create(
    { model: 'echo-1', messages },
    { signal: controller.signal },
  )
  await expect.poll(() => first.requests.length).toBe(2)
  controller.abort()
  await expect(asked).rejects.toThrow()
  await expect.poll(() => first.requests[1]?.isAborted).toBe(true)
})
