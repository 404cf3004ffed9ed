import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeReceiptHeader,
  headers as names,
  quoteOf,
  readAnswerStream,
  verifyAnswer,
} from '@assay/protocol/http'
import {
  createCloser,
  deploySuite,
  serveProvider,
  spawnGateway,
  startGateway,
} from '@assay/testing'
import { x402Client } from '@x402/core/client'
import { registerExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPayment } from '@x402/fetch'
import { network } from 'hardhat'
import OpenAI from 'openai'
import { createWalletClient, custom, getAddress, type Hash, parseEther, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'

import {
  chain,
  payer as gatewayPayer,
  key,
  operator,
  price,
  type Serving,
  startServing,
} from './startServing.ts'

/* A gateway that sells by the request: a wallet on one side, the operator's own HTTP interface on the other. */

const { viem, networkHelpers, provider } = await network.create()
const { track, closeAll } = createCloser()
let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'assay-sale-'))
})
afterEach(async () => {
  await closeAll()
  rmSync(dataDir, { recursive: true })
})

async function fixture() {
  const suite = await deploySuite(viem)
  const sellerKey = generatePrivateKey()
  const buyer = privateKeyToAccount(generatePrivateKey())
  await networkHelpers.setBalance(privateKeyToAccount(sellerKey).address, parseEther('1'))
  await suite.token.write.mint([buyer.address, 1_000_000n])
  return { suite, sellerKey, buyer }
}

const messages = [{ role: 'user' as const, content: 'hello' }]
const ask = { model: 'echo', messages, max_tokens: 20 }
const markupPpm = 250_000

type Given = { request: Uint8Array; response: Response; text: string }

async function setUp(configure: (serving: Serving) => Record<string, unknown> = () => ({})) {
  const { suite, sellerKey, buyer } = await networkHelpers.loadFixture(fixture)
  const { deployment, token } = suite
  const serving = await track(startServing())
  const rpc = await track(serveProvider(provider))
  const environment = environmentOf(sellerKey)
  const config = {
    ...{ deployment, ...chain, rpcUrl: rpc.url, trustCards: true },
    ...{ operators: [{ url: serving.url }], retry: { maxAttempts: 1 } },
    ...{ payer: { exposure: '1000000' }, x402: { keyEnv: 'SELLER_KEY', markupPpm } },
    ...{ keys: [{ name: 'web', env: 'GATEWAY_KEY' }], ...configure(serving) },
  }
  const spawn = (killAt?: string) =>
    track(spawnGateway({ config, environment, folder: dataDir, killAt }))
  const start = async () => {
    const gateway = await startGateway({ dataDir, environment, config })
    let closed: Promise<void> | undefined
    const close = () => {
      closed ??= gateway.close()
      return closed
    }
    return track(Promise.resolve({ ...gateway, close }))
  }
  const gateway = await start()
  const client = new x402Client()
  const network_ = `eip155:${deployment.chainId}` as const
  client.setSpendControls({ allowedAssets: [{ network: network_, asset: deployment.token }] })
  registerExactEvmScheme(client, { signer: buyer })
  const given: Given[] = []
  const sent: Headers[] = []
  const keeping: typeof fetch = async (input, init) => {
    const asked = new Request(input, init)
    const request = new Uint8Array(await asked.clone().arrayBuffer())
    sent.push(asked.headers)
    const response = await fetch(asked)
    if (response.ok) given.push({ request, response, text: await response.clone().text() })
    return response
  }
  const openai = new OpenAI({
    ...{ baseURL: gateway.baseUrl, apiKey: 'none', maxRetries: 0 },
    fetch: wrapFetchWithPayment(keeping, client),
  })
  const earned = () => token.read.balanceOf([gatewayPayer.address])
  const again = (to: { baseUrl: string }, body: Uint8Array, headers = sent[1]!) =>
    fetch(`${to.baseUrl}/chat/completions`, {
      method: 'POST',
      headers,
      body: Uint8Array.from(body),
    })
  return { ...{ openai, given, sent, earned, again, gateway, start, spawn }, serving, suite, buyer }
}

const environmentOf = (sellerKey: Hash) => ({
  ...{ ASSAY_PAYER_KEY: toHex(2n, { size: 32 }), SELLER_KEY: sellerKey },
  ...{ GATEWAY_KEY: 'sk-gateway', PROVIDER_KEY: key },
})

/** What a request costs at a price: a quarter more than its quote. */
function chargeFor(request: Uint8Array, at = price) {
  const quote = quoteOf({ price: at, requestBytes: request.length, maxUnitsOut: 20 })
  return (quote * 1_250_000n + 999_999n) / 1_000_000n
}

test('default: a wallet with nothing but tokens gets one answer and one receipt', async () => {
  const { openai, given, earned, serving, gateway } = await setUp()
  const { choices } = await openai.chat.completions.create(ask)
  expect(choices[0]!.message.content).toBe('hello')
  const [{ request, response, text }] = given as [Given]
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  const secret = response.headers.get(names.secret) as Hash
  await verifyAnswer({ document, request, response: new TextEncoder().encode(text), secret })
  expect(document.receipt).toMatchObject({
    ...{ operator: operator.address, payer: gatewayPayer.address },
  })
  expect(await earned()).toBe(chargeFor(request))
  expect(decodePaymentResponseHeader(response.headers.get('payment-response')!)).toMatchObject({
    success: true,
  })
  const { sequence, cumulativeFee } = serving.issuer.state()
  expect([sequence, cumulativeFee < chargeFor(request)]).toEqual([1n, true])
  expect(gateway.of('payment_settled')).toMatchObject([{ amount: chargeFor(request) }])
  expect(gateway.of('request_ended')).toMatchObject([
    { status: 402, key: 'x402' },
    { status: 200, key: 'x402' },
  ])
})

test('default: the same in a stream, paid before its first byte', async () => {
  const { openai, given, earned } = await setUp()
  let content = ''
  for await (const { choices } of await openai.chat.completions.create({ ...ask, stream: true })) {
    content += choices[0]?.delta.content ?? ''
  }
  expect(content).toBe('hello')
  const [{ request, response, text }] = given as [Given]
  const { document, content: events } = readAnswerStream(text)
  const secret = response.headers.get(names.secret) as Hash
  await verifyAnswer({ document, request, response: events, secret })
  expect(response.headers.get('payment-response')).not.toBeNull()
  expect(await earned()).toBe(chargeFor(request))
})

test.each([false, true])(
  'behavior: the same payment again is the same answer, paid once, also after a restart (stream: %s)',
  async (stream) => {
    const { openai, given, sent, earned, again, gateway, start, serving } = await setUp()
    const asked = await openai.chat.completions.create({ ...ask, stream })
    if (stream) for await (const _ of asked as AsyncIterable<unknown>);
    const [{ request, response, text }] = given as [Given]
    const paid = await earned()
    const repeated = await again(gateway, request)
    expect(await repeated.text()).toBe(text)
    const proof = response.headers.get('payment-response')
    expect(repeated.headers.get('payment-response')).toBe(proof)
    await gateway.close()
    const restarted = await start()
    const afterwards = await again(restarted, request)
    expect(await afterwards.text()).toBe(text)
    expect(afterwards.headers.get('payment-response')).toBe(proof)
    const other = Buffer.from(request).toString().replace('hello', 'howdy')
    const changed = await again(restarted, Buffer.from(other))
    expect(changed.status).toBe(402)
    expect(await changed.json()).toMatchObject({ error: { reason: 'payment_reused' } })
    expect(await earned()).toBe(paid)
    expect(serving.issuer.state().sequence).toBe(1n)
    expect(sent).toHaveLength(2)
  },
)

test.each([false, true])(
  'behavior: killed once it was paid, a gateway gives the answer for the same payment (stream: %s)',
  async (stream) => {
    const { openai, sent, earned, gateway, spawn, serving } = await setUp()
    serving.upstream.failNext({ kind: 'status', status: 500 })
    await openai.chat.completions.create({ ...ask, stream }).catch(() => undefined)
    await gateway.close()
    const killed = await spawn('payment_settled')
    const body = JSON.stringify({ ...ask, stream })
    const send = (url: string) =>
      fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: sent[1]!, body })
    await expect(send(killed.url)).rejects.toThrow()
    expect(await killed.ended()).toBe('SIGKILL')
    expect(await earned()).toBe(chargeFor(Buffer.from(body)))
    const restarted = await spawn()
    const answered = await send(restarted.url)
    expect(await answered.text()).toContain('hello')
    expect(answered.headers.get('payment-response')).not.toBeNull()
    expect(await earned()).toBe(chargeFor(Buffer.from(body)))
    expect(serving.issuer.state().sequence).toBe(1n)
  },
)

test('behavior: what nobody answers costs nothing, and the payment still buys the answer', async () => {
  const { openai, earned, serving, sent, again, gateway } = await setUp()
  serving.upstream.failNext({ kind: 'status', status: 500 })
  await expect(openai.chat.completions.create(ask)).rejects.toMatchObject({ status: 503 })
  expect(await earned()).toBe(0n)
  const body = Buffer.from(JSON.stringify(ask))
  const answered = await again(gateway, body, sent[1])
  expect(answered.status).toBe(200)
  expect(await earned()).toBe(chargeFor(body))
})

test('behavior: the dearest upstream that may answer sets the price', async () => {
  const dear = { perRequest: 5_000n, perMillionIn: 0n, perMillionOut: 0n }
  const { gateway, suite } = await setUp(({ upstream }) => ({
    providers: [
      {
        ...{ name: 'dear', baseUrl: upstream.baseUrl, keyEnv: 'PROVIDER_KEY' },
        models: [
          {
            ...{ name: 'echo', as: 'echo-1' },
            price: { perRequest: '5000', perMillionIn: '0', perMillionOut: '0' },
          },
        ],
      },
    ],
  }))
  const body = JSON.stringify(ask)
  const response = await fetch(`${gateway.baseUrl}/chat/completions`, { method: 'POST', body })
  const header = response.headers.get('payment-required')!
  const amount = String(chargeFor(Buffer.from(body), dear))
  const asset = getAddress(suite.deployment.token)
  expect(JSON.parse(Buffer.from(header, 'base64').toString())).toMatchObject({
    x402Version: 2,
    accepts: [{ scheme: 'exact', amount, asset, payTo: gatewayPayer.address }],
  })
  expect(await response.json()).toMatchObject({
    error: { code: 'payment_required', quote: amount },
  })
})

test('behavior: who has a key pays by it, and what costs nothing is not sold', async () => {
  const { gateway, earned } = await setUp()
  const post = (model: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.baseUrl}/chat/completions`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ ...ask, model }) },
    })
  expect((await post('echo', { authorization: 'Bearer sk-gateway' })).status).toBe(200)
  expect((await post('echo', { authorization: 'Bearer sk-other' })).status).toBe(402)
  expect((await post('gift', { authorization: 'Bearer sk-gateway' })).status).toBe(200)
  expect((await post('gift')).status).toBe(401)
  expect((await post('nobody')).status).toBe(404)
  for (const signature of ['%', 'e30=']) {
    expect((await post('echo', { 'payment-signature': signature })).status).toBe(400)
  }
  expect((await fetch(`${gateway.baseUrl}/models`)).status).toBe(200)
  expect((await fetch(`${gateway.url}/receipts/0x1`)).status).toBe(401)
  expect(await earned()).toBe(0n)
})

test('behavior: without keys everybody pays by the request', async () => {
  const { openai, earned, given, gateway } = await setUp(() => ({ keys: [] }))
  const body = JSON.stringify(ask)
  const refused = await fetch(`${gateway.baseUrl}/chat/completions`, { method: 'POST', body })
  expect(refused.status).toBe(402)
  await openai.chat.completions.create(ask)
  expect(await earned()).toBe(chargeFor(given[0]!.request))
})

const many = [{ role: 'user' as const, content: 'one two three four five' }]

test('error: who cannot pay any more once the answer is there gets none of it', async () => {
  const { openai, earned, serving, suite, buyer } = await setUp()
  serving.upstream.failNext({ kind: 'slow', firstMs: 300, betweenMs: 200 })
  await networkHelpers.setBalance(buyer.address, parseEther('1'))
  const asked = openai.chat.completions.create({ ...ask, messages: many, stream: true })
  const outcome = asked.then(
    () => undefined,
    (error: unknown) => error,
  )
  await expect.poll(() => serving.upstream.requests.length).toBe(1)
  const wallet = createWalletClient({ account: buyer, transport: custom(provider) })
  await wallet.writeContract({
    ...{ address: suite.token.address, abi: suite.token.abi, chain: null },
    ...{ functionName: 'transfer', args: [operator.address, 1_000_000n] },
  })
  expect(await outcome).toMatchObject({ status: 402, code: 'payment_refused' })
  expect(await earned()).toBe(0n)
  await expect.poll(() => serving.issuer.state().reserved).toBe(0n)
  expect(serving.issuer.state().sequence).toBe(0n)
})

test('error: a chain that does not answer', async () => {
  const { gateway } = await setUp(() => ({ rpcUrl: 'http://127.0.0.1:1' }))
  const body = JSON.stringify(ask)
  const response = await fetch(`${gateway.baseUrl}/chat/completions`, { method: 'POST', body })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ error: { code: 'chain_unknown' } })
})
