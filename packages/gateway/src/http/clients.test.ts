import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createCloser, serveUpstream, startGateway } from '@assay/testing'
import { embed, generateImage, generateText, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const { track, closeAll } = createCloser()

afterEach(closeAll)

async function createScene(config: Record<string, unknown> = {}) {
  const upstream = await track(serveUpstream({ key: 'sk-upstream' }))
  const tasks = ['chat', 'embeddings', 'images']
  const model = { name: 'friendly', as: 'echo-1', tasks }
  const provider = { name: 'echo', baseUrl: upstream.url, keyEnv: 'ECHO_KEY', models: [model] }
  const environment = { ECHO_KEY: 'sk-upstream', TEAM_KEY: 'sk-team' }
  const gateway = await track(
    startGateway({ environment, config: { providers: [provider], ...config } }),
  )
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'sk-team', maxRetries: 0 })
  return { upstream, gateway, client }
}

const model = 'friendly'
const messages = [{ role: 'user' as const, content: 'one two three' }]

describe('openai', () => {
  test('default: chat, with the provider’s own name and key', async () => {
    const { client, upstream } = await createScene()
    const answer = await client.chat.completions.create({ model, messages })
    expect(answer.choices[0]!.message.content).toBe('one two three')
    expect(answer.usage?.completion_tokens).toBe(3)
    expect(answer._request_id).toMatch(/^0x[0-9a-f]{64}$/)
    expect(upstream.requests[0]!.body.model).toBe('echo-1')
    expect(upstream.requests[0]!.headers.authorization).toBe('Bearer sk-upstream')
  })

  test('behavior: a stream with its usage', async () => {
    const { client } = await createScene()
    const options = { stream: true, stream_options: { include_usage: true } } as const
    const chunks = []
    for await (const chunk of await client.chat.completions.create({ model, messages, ...options }))
      chunks.push(chunk)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      'one two three',
    )
    expect(chunks.at(-1)!.usage?.completion_tokens).toBe(3)
  })

  test('behavior: tools, whole and in a stream', async () => {
    const { client } = await createScene()
    const parameters = { type: 'object', properties: { text: { type: 'string' } } }
    const tools = [{ type: 'function' as const, function: { name: 'say', parameters } }]
    const answer = await client.chat.completions.create({ model, messages, tools })
    const [call] = answer.choices[0]!.message.tool_calls!
    expect(call).toMatchObject({ function: { name: 'say', arguments: '{"text":"one two three"}' } })
    const stream = client.chat.completions.stream({ model, messages, tools })
    const final = await stream.finalChatCompletion()
    expect(final.choices[0]!.message.tool_calls?.[0]).toMatchObject({ function: { name: 'say' } })
  })

  test('behavior: embeddings and images', async () => {
    const { client } = await createScene()
    const { data } = await client.embeddings.create({ model, input: ['a', 'b'] })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
    const images = await client.images.generate({ model, prompt: 'a cat', n: 2 })
    expect(images.data).toHaveLength(2)
  })

  test('behavior: models', async () => {
    const { client } = await createScene()
    const list = await client.models.list()
    expect(list.data.map(({ id }) => id)).toEqual(['friendly'])
    expect(await client.models.retrieve('friendly')).toMatchObject({ owned_by: 'echo' })
    await expect(client.models.retrieve('other')).rejects.toThrow(OpenAI.NotFoundError)
  })

  test('error: an unknown model, a wrong body, a wrong key', async () => {
    const { client, gateway } = await createScene({ keys: [{ name: 'team', env: 'TEAM_KEY' }] })
    await client.chat.completions.create({ model, messages })
    await expect(
      client.chat.completions.create({ model: 'other', messages }),
    ).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' })
    await expect(client.chat.completions.create({ model, messages, n: 0 })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_value',
      param: 'n',
    })
    const stranger = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'sk-teal', maxRetries: 0 })
    await expect(stranger.models.list()).rejects.toThrow(OpenAI.AuthenticationError)
    await expect(stranger.chat.completions.create({ model, messages })).rejects.toMatchObject({
      code: 'invalid_api_key',
    })
  })

  test('behavior: another model answers only if the request lists it', async () => {
    const { client, upstream } = await createScene()
    const request = { model: 'missing', models: ['friendly'], messages }
    const { data, response } = await client.chat.completions.create(request).withResponse()
    expect(data.choices[0]!.message.content).toBe('one two three')
    expect(response.headers.get('x-assay-reason')).toBe('ranked; alternative')
    expect(upstream.requests[0]!.body).toEqual({ model: 'echo-1', messages })
  })
})

describe('the AI SDK', () => {
  async function createProvider() {
    const { gateway } = await createScene()
    return createOpenAICompatible({ name: 'assay', baseURL: gateway.baseUrl, apiKey: 'any' })
  }

  test('default: text, whole and in a stream', async () => {
    const provider = await createProvider()
    const given = { model: provider(model), prompt: 'one two three' }
    expect((await generateText(given)).text).toBe('one two three')
    let text = ''
    for await (const part of streamText(given).textStream) text += part
    expect(text).toBe('one two three')
  })

  test('behavior: tools, embeddings and images', async () => {
    const provider = await createProvider()
    const inputSchema = z.object({ text: z.string() })
    const say = tool({ inputSchema, execute: ({ text }) => text.length })
    const { toolCalls } = await generateText({
      ...{ model: provider(model), prompt: 'one two three', tools: { say } },
    })
    expect(toolCalls).toMatchObject([{ toolName: 'say', input: { text: 'one two three' } }])
    const { embedding } = await embed({ model: provider.embeddingModel(model), value: 'a' })
    expect(embedding).toHaveLength(8)
    const { image } = await generateImage({ model: provider.imageModel(model), prompt: 'a cat' })
    expect(image.uint8Array.length).toBeGreaterThan(50)
  })
})

describe('curl', () => {
  test('default: a stream', async () => {
    const { gateway } = await createScene()
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '-N', '-i', `${gateway.baseUrl}/chat/completions`],
      ...['-H', 'content-type: application/json'],
      ...['-d', JSON.stringify({ model, messages, stream: true })],
    ])
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(stdout).toMatch(/content-type: text\/event-stream/i)
    expect(stdout).toMatch(/x-assay-operator: echo/i)
    expect(stdout.trimEnd()).toMatch(/data: \[DONE\]$/)
  })
})
