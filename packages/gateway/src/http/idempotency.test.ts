import { createCloser, serveOperator, serveUpstream, startGateway } from '@assay/testing'
import OpenAI from 'openai'
import { toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, describe, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const payerKey = toHex(7n, { size: 32 })
const payer = privateKeyToAddress(payerKey)
const messages = [{ role: 'user' as const, content: 'one two three' }]
const body = (content = 'one two three', stream = false) =>
  JSON.stringify({ model: 'echo-1', messages: [{ role: 'user', content }], stream })

async function createScene(config: Record<string, unknown> = {}) {
  const upstream = await track(serveUpstream())
  const privateKey = toHex(100n, { size: 32 })
  const operator = await track(
    serveOperator({ privateKey, upstream: upstream.url, chainId: 31337, ledger }),
  )
  const gateway = await track(
    startGateway({
      environment: { ASSAY_PAYER_KEY: payerKey, A: 'sk-a', B: 'sk-b' },
      config: {
        ...{ chainId: 31337, ledger, trustCards: true, payer: { exposure: '100000' } },
        operators: [{ url: operator.url }],
        ...config,
      },
    }),
  )
  const ask = async (given: string, headers: Record<string, string>) => {
    const url = `${gateway.baseUrl}/chat/completions`
    const response = await fetch(url, { method: 'POST', body: given, headers })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  return { upstream, operator, gateway, ask, paid: () => operator.books.channelOf(payer).sequence }
}

describe('Idempotency-Key', () => {
  test.each([false, true])(
    'default: the same again is the same answer, paid once (stream: %s)',
    async (stream) => {
      const { ask, paid, upstream } = await createScene()
      const given = body('one', stream)
      const first = await ask(given, { 'idempotency-key': 'k1' })
      const second = await ask(given, { 'idempotency-key': 'k1' })
      expect(first.status).toBe(200)
      expect(second.text).toBe(first.text)
      expect(second.headers.get('x-assay-receipt')).toBe(first.headers.get('x-assay-receipt'))
      expect(second.headers.get('x-request-id')).toBe(first.headers.get('x-request-id'))
      expect(second.headers.get('x-assay-reason')).toBe('replayed')
      expect([paid(), upstream.requests.length]).toEqual([1n, 1])
      await ask(given, { 'idempotency-key': 'k2' })
      expect(paid()).toBe(2n)
    },
  )

  test('behavior: a second one waits for the first', async () => {
    const { ask, paid, upstream } = await createScene()
    upstream.setRule(() => ({ kind: 'slow', firstMs: 100 }))
    const named = { 'idempotency-key': 'k1' }
    const answers = await Promise.all([ask(body(), named), ask(body(), named), ask(body(), named)])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(paid()).toBe(1n)
  })

  test('error: another body under the same key', async () => {
    const { ask } = await createScene()
    await ask(body(), { 'idempotency-key': 'k1' })
    const answer = await ask(body('other'), { 'idempotency-key': 'k1' })
    expect(answer.status).toBe(409)
    expect(answer.headers.get('x-should-retry')).toBe('false')
  })

  test('behavior: what failed is tried anew', async () => {
    const { ask, upstream } = await createScene({ retry: { maxAttempts: 1 } })
    upstream.failNext({ kind: 'status', status: 500 })
    expect((await ask(body(), { 'idempotency-key': 'k1' })).status).toBe(503)
    expect((await ask(body(), { 'idempotency-key': 'k1' })).status).toBe(200)
  })
})

describe('budgets', () => {
  const keys = [
    { name: 'a', env: 'A', budget: { amount: '700', per: 'day' } },
    { name: 'b', env: 'B' },
  ]

  test('default: a key that spent its budget is told so, and others are not', async () => {
    const { gateway } = await createScene({ keys })
    const clientOf = (apiKey: string) =>
      new OpenAI({ baseURL: gateway.baseUrl, apiKey, maxRetries: 2 })
    const request = { model: 'echo-1', messages }
    for (let count = 0; count < 3; count++) await clientOf('sk-a').chat.completions.create(request)
    const refused = clientOf('sk-a').chat.completions.create(request)
    await expect(refused).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(gateway.of('request_ended').filter(({ status }) => status === 429)).toHaveLength(1)
    await clientOf('sk-b').chat.completions.create(request)
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
    expect(metrics).toMatch(/assay_gateway_spent{key="a"} [1-9]/)
  })

  test('behavior: what is being answered counts, and what failed does not', async () => {
    const { ask, upstream } = await createScene({ keys, retry: { maxAttempts: 1 } })
    const authorization = 'Bearer sk-a'
    upstream.setRule(() => ({ kind: 'slow', firstMs: 100 }))
    const answers = await Promise.all([
      ask(body(), { authorization }),
      ask(body(), { authorization }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429])
    upstream.setRule(() => ({ kind: 'status', status: 500 }))
    for (let count = 0; count < 3; count++) await ask(body(), { authorization })
    upstream.setRule(undefined)
    expect((await ask(body(), { authorization })).status).toBe(200)
  })

  test('behavior: a receipt is shown to the key that paid for it alone', async () => {
    const { ask, gateway } = await createScene({ keys })
    const { headers } = await ask(body(), { authorization: 'Bearer sk-b' })
    const url = `${gateway.url}/receipts/${headers.get('x-assay-receipt-id')}`
    const statusFor = async (key: string) =>
      (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status
    expect([await statusFor('sk-b'), await statusFor('sk-a'), await statusFor('sk-c')]).toEqual([
      200, 404, 401,
    ])
  })
})
