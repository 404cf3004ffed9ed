import { createCloser, serveUpstream, startGateway } from '@assay/testing'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

async function createScene(hedge: unknown) {
  const first = await track(serveUpstream())
  const second = await track(serveUpstream())
  const provider = (name: string, baseUrl: string, perRequest: string) => {
    const price = { perRequest, perMillionIn: '0', perMillionOut: '0' }
    return { name, baseUrl, models: [{ name: 'echo-1', price }] }
  }
  const gateway = await track(
    startGateway({
      config: {
        providers: [provider('first', first.url, '1'), provider('second', second.url, '200')],
        hedge,
      },
    }),
  )
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'any', maxRetries: 0 })
  const ask = async () => {
    const messages = [{ role: 'user' as const, content: 'one two' }]
    const request = { model: 'echo-1', messages, stream: true } as const
    const { data, response } = await client.chat.completions.create(request).withResponse()
    let text = ''
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? ''
    return { text, headers: response.headers }
  }
  return { first, second, gateway, ask }
}

test('default: once enough is measured, who is late is raced by another, and stopped', async () => {
  const { first, second, gateway, ask } = await createScene({ minMs: 30, maxMs: 60 })
  for (let count = 0; count < 20; count++) await ask()
  expect(second.requests).toEqual([])
  first.failNext({ kind: 'hang' })
  const { text, headers } = await ask()
  expect(text).toBe('one two')
  expect(headers.get('x-assay-operator')).toBe('second')
  expect(headers.get('x-assay-reason')).toBe('hedged')
  expect(headers.get('x-assay-attempts')).toBe('2')
  await expect.poll(() => first.requests.at(-1)!.isAborted).toBe(true)
  const outcomes = gateway.of('attempt_ended').filter(({ upstream }) => upstream === 'first')
  expect(outcomes.at(-1)).toMatchObject({ outcome: 'cancelled' })
  expect(gateway.of('breaker_changed')).toEqual([])
})

test('behavior: the first one may still win', async () => {
  const { first, second, ask } = await createScene({ minMs: 30, maxMs: 30 })
  for (let count = 0; count < 20; count++) await ask()
  first.failNext({ kind: 'slow', firstMs: 100 })
  second.failNext({ kind: 'slow', firstMs: 2_000 })
  expect((await ask()).headers.get('x-assay-operator')).toBe('first')
  await expect.poll(() => second.requests.at(-1)?.isAborted).toBe(true)
})

test('behavior: nobody is raced where it is switched off', async () => {
  const { first, second, ask } = await createScene(false)
  for (let count = 0; count < 20; count++) await ask()
  first.failNext({ kind: 'slow', firstMs: 150 })
  expect((await ask()).headers.get('x-assay-operator')).toBe('first')
  expect(second.requests).toEqual([])
})
