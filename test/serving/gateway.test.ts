import { createCloser, startGateway } from '@assay/testing'
import OpenAI from 'openai'
import { toHex } from 'viem'
import { afterEach, expect, test } from 'vitest'

import { chain, operator, payer, startServing } from './startServing.ts'

/* The operator's own HTTP interface behind the gateway: what one signs and the other believes. */

const { track, closeAll } = createCloser()

afterEach(closeAll)

async function createScene() {
  const serving = await track(startServing())
  const gateway = await track(
    startGateway({
      environment: { ASSAY_PAYER_KEY: toHex(2n, { size: 32 }) },
      config: {
        ...{ ...chain, trustCards: true, operators: [{ url: serving.url }] },
        ...{ payer: { exposure: '1000000' }, retry: { maxAttempts: 1 } },
      },
    }),
  )
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'any', maxRetries: 0 })
  return { serving, gateway, client }
}

const messages = [{ role: 'user' as const, content: 'one two three' }]

test('default: bodies, streams, embeddings and images are paid and proven', async () => {
  const { client, gateway, serving } = await createScene()
  const asked = client.chat.completions.create({ model: 'echo', messages })
  const { data, response } = await asked.withResponse()
  expect(data.choices[0]!.message.content).toBe('one two three')
  expect(response.headers.get('x-assay-operator')).toBe(operator.address)
  expect(response.headers.get('x-assay-verification')).toBe('receipt')
  let text = ''
  const request = { model: 'echo', messages, stream: true } as const
  for await (const chunk of await client.chat.completions.create(request))
    text += chunk.choices[0]?.delta.content ?? ''
  expect(text).toBe('one two three')
  await client.embeddings.create({ model: 'echo', input: 'a' })
  await client.images.generate({ model: 'echo', prompt: 'a cat', n: 2 })
  const { sequence, cumulativeFee, reserved } = serving.issuer.state()
  expect([sequence, reserved]).toEqual([4n, 0n])
  expect(gateway.purse!.payer).toBe(payer.address)
  expect(gateway.purse!.channels()).toMatchObject([{ owed: cumulativeFee, reserved: 0n }])
})

test('behavior: what costs nothing is answered, too', async () => {
  const { client } = await createScene()
  const answer = await client.chat.completions.create({ model: 'gift', messages })
  expect(answer.choices[0]!.message.content).toBe('one two three')
})

test('behavior: a request under one name is answered by the operator once', async () => {
  const { client, serving } = await createScene()
  const named = { headers: { 'idempotency-key': 'k1' } }
  const request = { model: 'echo', messages }
  const first = await client.chat.completions.create(request, named)
  expect(await client.chat.completions.create(request, named)).toEqual(first)
  expect(serving.issuer.state().sequence).toBe(1n)
})

test('error: what breaks off is not charged', async () => {
  const { client, serving, gateway } = await createScene()
  serving.upstream.failNext({ kind: 'cut', after: 3 })
  const request = { model: 'echo', messages, stream: true } as const
  const read = async () => {
    for await (const _ of await client.chat.completions.create(request));
  }
  await expect(read()).rejects.toThrow(OpenAI.APIError)
  await expect.poll(() => serving.issuer.state().reserved).toBe(0n)
  expect(serving.issuer.state().sequence).toBe(0n)
  expect(gateway.purse!.channels()).toMatchObject([{ owed: 0n, reserved: 0n }])
})
