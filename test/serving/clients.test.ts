import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import {
  decodeReceiptHeader,
  eventContent,
  headers as names,
  parseModelList,
  parseReceiptDocument,
  quoteOf,
  receiptField,
  verifyAnswer,
} from '@assay/protocol/http'
import { generateText, jsonSchema, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  openAiClient,
  operator,
  payer,
  paying,
  price,
  type Serving,
  startServing,
  version,
} from './startServing.ts'

let serving: Serving
let client: OpenAI

beforeAll(async () => {
  serving = await startServing()
  client = await openAiClient(serving)
})
afterAll(() => serving.close())

const messages = [{ role: 'user', content: 'one two three' }] as const
const ask = { model: 'echo', messages: [...messages] }
const look = {
  type: 'function',
  function: { name: 'look', parameters: { type: 'object', properties: {} } },
} as const

test('default: the openai client chats, and the receipt is about the bytes it got', async () => {
  const requestId = keccak256('0x01')
  const secret = keccak256('0x5ec7')
  const headers = { [names.request]: requestId, [names.secret]: secret }
  const response = await client.chat.completions.create(ask, { headers }).asResponse()
  const bytes = new Uint8Array(await response.clone().arrayBuffer())
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  const request = stringToBytes(JSON.stringify(ask))
  const quote = quoteOf({ price, requestBytes: request.length, maxUnitsOut: 100 })
  await verifyAnswer({ document, requestId, secret, request, response: bytes, price, quote })
  expect(document.receipt).toMatchObject({
    payer: payer.address,
    unitsIn: 6n,
    unitsOut: 3n,
    fee: 22n,
  })
  expect(document).toMatchObject({ servedModel: 'echo-1', usage: 'upstream', content: 'bytes' })
  expect(document.secret).toBeUndefined()
  expect(document.claim?.model).toBe(version)
  expect(response.headers.get(names.operator)).toBe(operator.address)
  expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: 'one two three' } }],
  })
  expect(serving.upstream.requests.at(-1)?.body).toMatchObject({ model: 'echo-1', max_tokens: 100 })
})

test('behavior: it streams, and the receipt is in the last event', async () => {
  const stream = await client.chat.completions.create({ ...ask, stream: true })
  const chunks = await Array.fromAsync(stream)
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
    'one two three',
  )
  expect(chunks.at(-1)).toMatchObject({ choices: [], object: 'chat.completion.chunk' })
  expect(chunks.filter(({ usage }) => usage)).toEqual([])
})

test('behavior: a stream commits to the data of its events, whatever the framing', async () => {
  const body = JSON.stringify({ ...ask, stream: true, stream_options: { include_usage: true } })
  const init = { method: 'POST', headers: await paying(), body }
  const response = await fetch(`${serving.url}/v1/chat/completions`, init)
  const frames = (await response.text()).split('\n\n').filter((frame) => frame.startsWith('data: '))
  const events = frames.map((frame) => frame.slice('data: '.length))
  expect(events.at(-1)).toBe('[DONE]')
  const last = JSON.parse(events.at(-2)!)
  const document = parseReceiptDocument(last[receiptField])
  await verifyAnswer({
    document,
    request: stringToBytes(body),
    response: eventContent(events.slice(0, -2)),
    price,
  })
  expect(JSON.parse(events.at(-3)!)).toMatchObject({ choices: [], usage: { prompt_tokens: 6 } })
  expect(document.content).toBe('events')
  expect(document.secret).toBeDefined()
})

test('behavior: it calls tools, in a body and in a stream', async () => {
  const body = await client.chat.completions.create({ ...ask, tools: [look] })
  const [call] = body.choices[0]!.message.tool_calls!
  expect(call).toMatchObject({ function: { name: 'look', arguments: '{"text":"one two three"}' } })
  const result = { role: 'tool', tool_call_id: call!.id, content: 'found it' } as const
  const after = [...messages, body.choices[0]!.message, result]
  const next = await client.chat.completions.create({ ...ask, messages: after, tools: [look] })
  expect(next.choices[0]?.message.content).toBe('found it')
  const final = await client.chat.completions
    .stream({ ...ask, tools: [look] })
    .finalChatCompletion()
  expect(JSON.stringify(final.choices[0]?.message.tool_calls)).toMatch(/one two/)
})

test('behavior: several choices are quoted and answered', async () => {
  const { data, response } = await client.chat.completions
    .create({ ...ask, n: 3, max_completion_tokens: 2 })
    .withResponse()
  expect(data.choices.map(({ message }) => message.content)).toEqual([
    'one two',
    'one two',
    'one two',
  ])
  expect(decodeReceiptHeader(response.headers.get(names.receipt)!).receipt.unitsOut).toBe(6n)
  expect(serving.upstream.requests.at(-1)?.body.max_completion_tokens).toBe(2)
})

test('behavior: an upstream hears what a client says, but no alternatives and no more than is quoted', async () => {
  const extras = { models: ['other'], top_k: 7, user: 'somebody' }
  await client.chat.completions.create({ ...ask, ...extras, max_tokens: 1_000_000 })
  const { body } = serving.upstream.requests.at(-1)!
  expect(body).toEqual({ ...ask, model: 'echo-1', top_k: 7, user: 'somebody', max_tokens: 100 })
})

test('behavior: it embeds, as base64 and as numbers, and draws', async () => {
  const { data, response } = await client.embeddings
    .create({ model: 'echo', input: ['one two', 'three'] })
    .withResponse()
  expect(data.data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
  const numbers = await client.embeddings.create({
    ...{ model: 'echo', input: 'one two', encoding_format: 'float' },
  })
  expect(numbers.data[0]!.embedding[0]).toBeCloseTo(data.data[0]!.embedding[0]!)
  const { receipt } = decodeReceiptHeader(response.headers.get(names.receipt)!)
  expect(receipt).toMatchObject({ unitsIn: 3n, unitsOut: 0n, fee: 13n })
  const images = await client.images
    .generate({ model: 'echo', prompt: 'a red dot', n: 2 })
    .withResponse()
  expect(images.data.data?.map(({ b64_json }) => b64_json?.slice(0, 6))).toEqual([
    'iVBORw',
    'iVBORw',
  ])
  const drawn = decodeReceiptHeader(images.response.headers.get(names.receipt)!)
  expect(drawn.receipt).toMatchObject({ unitsIn: 3n, unitsOut: 2n, fee: 17n })
})

test('behavior: it lists models, with cards', async () => {
  const { data } = await client.models.list()
  expect(data.map(({ id }) => id)).toEqual(['echo', 'gift'])
  const [listed] = parseModelList({ data })
  expect(listed?.card).toMatchObject({
    operator: operator.address,
    version,
    price,
    maxUnitsOut: 100,
  })
  expect(await client.models.retrieve(version)).toMatchObject({ id: 'echo' })
  await expect(client.models.retrieve('none')).rejects.toThrow(OpenAI.NotFoundError)
})

test('behavior: errors are those that it knows', async () => {
  await expect(client.chat.completions.create({ ...ask, model: 'none' })).rejects.toMatchObject({
    ...{ status: 404, code: 'model_not_found', type: 'invalid_request_error' },
  })
  await expect(client.chat.completions.create({ ...ask, messages: [] })).rejects.toMatchObject({
    ...{ status: 400, param: 'messages' },
  })
  const stranger = privateKeyToAccount(keccak256('0x57'))
  const poor = await openAiClient(serving, await paying(5n, stranger))
  await expect(poor.chat.completions.create(ask)).rejects.toMatchObject({
    ...{ status: 402, code: 'voucher_short' },
    error: {
      quote: expect.stringMatching(/^\d+$/),
      sequence: '0',
      cumulativeFee: '0',
      reserved: '0',
    },
  })
})

test('behavior: what is free needs no voucher, and what is not says what it costs', async () => {
  const bare = new OpenAI({ baseURL: `${serving.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const { response } = await bare.chat.completions.create({ ...ask, model: 'gift' }).withResponse()
  expect(decodeReceiptHeader(response.headers.get(names.receipt)!).receipt.fee).toBe(0n)
  const error = await bare.chat.completions.create(ask).catch((thrown) => thrown)
  expect(error).toMatchObject({ status: 402, code: 'payment_required' })
  expect(error.error.quote).toMatch(/^\d+$/)
})

test('behavior: the model can be named beside the body', async () => {
  const headers = { [names.model]: version }
  const { response } = await client.chat.completions
    .create({ ...ask, model: 'whatever' }, { headers })
    .withResponse()
  expect(response.headers.get(names.model)).toBe(version)
})

/** The bytes that a receipt is about, and the receipt: the order of its fields is nobody's business. */
async function replyOf(response: Response) {
  const header = response.headers.get(names.receipt)
  const text = await response.text()
  if (header !== null) return { text, document: decodeReceiptHeader(header) }
  const frames = text.split('\n\n')
  const { [receiptField]: receipt } = JSON.parse(frames.at(-3)!.slice('data: '.length))
  return { text: frames.slice(0, -3).join(), document: parseReceiptDocument(receipt) }
}

test.each([false, true])(
  'behavior: the same request again is the same answer (stream %s)',
  async (stream) => {
    const headers = { ...(await paying()), [names.request]: keccak256(stream ? '0xaa' : '0xab') }
    const body = JSON.stringify({ ...ask, stream })
    const send = (text = body) =>
      fetch(`${serving.url}/v1/chat/completions`, { method: 'POST', headers, body: text })
    const before = serving.upstream.requests.length
    const [first, second] = [await replyOf(await send()), await replyOf(await send())]
    expect(second).toEqual(first)
    expect(serving.upstream.requests.length).toBe(before + 1)
    const other = await send(`${body} `)
    expect(other.status).toBe(409)
    expect(other.headers.get('x-should-retry')).toBe('false')
  },
)

test('behavior: the same request while it is being answered is told to wait', async () => {
  const headers = { ...(await paying()), [names.request]: keccak256('0xac') }
  const init = { method: 'POST', headers, body: JSON.stringify(ask) }
  serving.upstream.failNext({ kind: 'slow', firstMs: 200 })
  const url = `${serving.url}/v1/chat/completions`
  const [first, second] = await Promise.all([fetch(url, init), fetch(url, init)])
  const refused = first.status === 409 ? first : second
  expect([first.status, second.status].sort()).toEqual([200, 409])
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.headers.get('x-request-id')).toMatch(/^req_/)
  expect(await refused.json()).toMatchObject({ error: { code: 'request_under_way' } })
})

test('behavior: the AI SDK chats, streams and calls tools', async () => {
  const provider = createOpenAICompatible({
    ...{ name: 'assay', baseURL: `${serving.url}/v1`, headers: await paying() },
    includeUsage: true,
  })
  const model = provider('echo')
  const { text, usage } = await generateText({ model, prompt: 'one two three', maxRetries: 0 })
  expect({ text, output: usage.outputTokens }).toEqual({ text: 'one two three', output: 3 })
  const streamed = streamText({ model, prompt: 'one two three', maxRetries: 0 })
  expect(await streamed.text).toBe('one two three')
  expect((await streamed.usage).inputTokens).toBe(6)
  const tools = {
    look: tool({ inputSchema: jsonSchema<unknown>({ type: 'object' }), execute: String }),
  }
  const called = await generateText({ model, prompt: 'one two', tools, maxRetries: 0 })
  expect(called.toolCalls[0]).toMatchObject({ toolName: 'look', input: { text: 'one two' } })
})
