import {
  decodeReceiptHeader,
  headers as names,
  readAnswerStream,
  verifyAnswer,
} from '@assay/protocol/http'
import { deploySuite } from '@assay/testing'
import { createPaywall, type PaymentRecord } from '@assay/x402'
import { x402Client } from '@x402/core/client'
import { registerExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPayment } from '@x402/fetch'
import { network } from 'hardhat'
import OpenAI from 'openai'
import { createWalletClient, custom, type Hash, parseEther, zeroAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'

import { operator, type Serving, startServing } from './startServing.ts'

const { viem, networkHelpers, provider } = await network.create()
let serving: Serving | undefined
afterEach(() => serving?.close())

async function fixture() {
  const suite = await deploySuite(viem)
  const [seller, payer] = [1, 2].map(() => privateKeyToAccount(generatePrivateKey()))
  await networkHelpers.setBalance(seller!.address, parseEther('1'))
  await suite.token.write.mint([payer!.address, 1_000_000n])
  return { suite, seller: seller!, payer: payer! }
}

async function setUp() {
  const { suite, seller, payer } = await networkHelpers.loadFixture(fixture)
  const { publicClient, deployment, token } = suite
  const records = new Map<Hash, PaymentRecord>()
  const paywall = createPaywall({
    ...{ publicClient, chainId: deployment.chainId, token: deployment.token, clock: Date },
    ...{ payTo: operator.address, fromBlock: 0n },
    store: { get: (id) => records.get(id), put: (id, record) => void records.set(id, record) },
    tokenDomain: { name: 'Assay Test Dollar', version: '1' },
    walletClient: createWalletClient({ account: seller, transport: custom(provider) }),
  })
  serving = await startServing({ paywall })
  const client = new x402Client()
  const network_ = `eip155:${deployment.chainId}` as const
  client.setSpendControls({ allowedAssets: [{ network: network_, asset: deployment.token }] })
  registerExactEvmScheme(client, { signer: payer })
  const answers: { request: Uint8Array; response: Response; text: string }[] = []
  const sent: Headers[] = []
  const keeping: typeof fetch = async (input, init) => {
    const asked = new Request(input, init)
    const request = new Uint8Array(await asked.clone().arrayBuffer())
    sent.push(asked.headers)
    const response = await fetch(asked)
    const text = await response.clone().text()
    if (response.ok) answers.push({ request, response, text })
    return response
  }
  const openai = new OpenAI({
    ...{ baseURL: `${serving.url}/v1`, apiKey: 'none', maxRetries: 0 },
    fetch: wrapFetchWithPayment(keeping, client),
  })
  const earned = () => token.read.balanceOf([operator.address])
  return { openai, answers, sent, earned, payer, client, serving, suite }
}

const ask = {
  model: 'echo',
  messages: [{ role: 'user', content: 'hello' }],
  max_tokens: 20,
} as const

test('default: a wallet without an account gets one answer and one receipt', async () => {
  const { openai, answers, earned, payer } = await setUp()
  const { choices } = await openai.chat.completions.create({ ...ask, messages: [...ask.messages] })
  expect(choices[0]!.message.content).toContain('hello')
  const { request, response, text } = answers[0]!
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  await verifyAnswer({ document, request, response: new TextEncoder().encode(text) })
  expect(document.receipt).toMatchObject({ payer: payer.address, fee: 0n, cumulativeFee: 0n })
  const settled = decodePaymentResponseHeader(response.headers.get('payment-response')!)
  expect(document.payment).toMatchObject({
    ...{ scheme: 'x402', amount: await earned(), transaction: settled.transaction },
  })
  expect(await earned()).toBeGreaterThan(0n)
})

test('default: the same in a stream, paid before its first byte', async () => {
  const { openai, answers, earned } = await setUp()
  const stream = await openai.chat.completions.create({
    ...{ ...ask, messages: [...ask.messages], stream: true },
  })
  let content = ''
  for await (const { choices } of stream) content += choices[0]?.delta.content ?? ''
  expect(content).toContain('hello')
  const { request, text } = answers[0]!
  const { document, content: response } = readAnswerStream(text)
  await verifyAnswer({ document, request, response })
  expect(document.payment!.amount).toBe(await earned())
})

test('behavior: who sends the same payment again gets the same answer, and pays once', async () => {
  const {
    openai,
    answers,
    sent,
    earned,
    serving: { url },
  } = await setUp()
  await openai.chat.completions.create({ ...ask, messages: [...ask.messages] })
  const [paid, { request, text }] = [await earned(), answers[0]!]
  const body = Uint8Array.from(request)
  const again = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: sent[1]!,
    body,
  })
  expect(await again.text()).toBe(text)
  expect(again.headers.get('payment-response')).toBe(
    answers[0]!.response.headers.get('payment-response'),
  )
  const other = new TextEncoder().encode(new TextDecoder().decode(body).replace('hello', 'howdy'))
  const changed = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', headers: sent[1]!, body: other },
  })
  expect(changed.status).toBe(402)
  expect(await earned()).toBe(paid)
})

test('behavior: what the upstream does not answer costs nothing', async () => {
  const {
    openai,
    earned,
    serving: { upstream },
  } = await setUp()
  upstream.failNext({ kind: 'status', status: 500 })
  await expect(
    openai.chat.completions.create({ ...ask, messages: [...ask.messages] }),
  ).rejects.toThrow(OpenAI.APIError)
  expect(await earned()).toBe(0n)
})

test('error: without a payment, with what it would cost', async () => {
  const {
    serving: { url },
    suite,
  } = await setUp()
  const response = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', body: JSON.stringify(ask) },
  })
  expect(response.status).toBe(402)
  const header = response.headers.get('payment-required')!
  const required = JSON.parse(Buffer.from(header, 'base64').toString())
  const { error } = (await response.json()) as { error: { code: string; quote: string } }
  expect(error.code).toBe('payment_required')
  expect(required).toMatchObject({
    x402Version: 2,
    accepts: [
      {
        scheme: 'exact',
        amount: error.quote,
        asset: suite.deployment.token,
        payTo: operator.address,
      },
    ],
  })
  expect(required.accepts[0].asset).not.toBe(zeroAddress)
  for (const signature of ['%', 'e30='])
    expect(
      (
        await fetch(`${url}/v1/chat/completions`, {
          ...{ method: 'POST', body: JSON.stringify(ask) },
          headers: { 'payment-signature': signature },
        })
      ).status,
    ).toBe(400)
})
