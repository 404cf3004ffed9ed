import {
  decodeReceiptHeader,
  encodeVoucherHeader,
  headers as names,
  verifyAnswer,
} from '@assay/protocol/http'
import { sessionTypedData, voucherTypedData } from '@assay/protocol/receipt'
import {
  createCloser,
  type Lie,
  lies,
  serveOperator,
  serveUpstream,
  startGateway,
  type TestOperator,
} from '@assay/testing'
import OpenAI from 'openai'
import { type Address, toHex, zeroAddress } from 'viem'
import { privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterEach, describe, expect, test } from 'vitest'

import { GatewayConfigError } from '../errors.ts'

const { track, closeAll } = createCloser()

afterEach(closeAll)

const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const payerKey = toHex(7n, { size: 32 })
const payer = privateKeyToAddress(payerKey)
const messages = [{ role: 'user' as const, content: 'one two three' }]

type SceneOptions = { operators?: number; payer?: Record<string, unknown> }

/** Operators with one model behind them, and a gateway that pays. */
async function createScene({ operators: count = 1, payer: policy = {} }: SceneOptions = {}) {
  const upstream = await track(serveUpstream())
  const keys = Array.from({ length: count }, (_, index) => toHex(BigInt(index + 100), { size: 32 }))
  const operators = await Promise.all(
    keys.map((privateKey) =>
      track(serveOperator({ privateKey, upstream: upstream.url, chainId: 31337, ledger })),
    ),
  )
  const gateway = await track(
    startGateway({
      environment: { ASSAY_PAYER_KEY: payerKey },
      config: {
        ...{ chainId: 31337, ledger, trustCards: true },
        payer: { exposure: '100000', ...policy },
        operators: operators.map(({ url, address }) => ({ url, operator: address })),
        retry: { maxAttempts: count },
      },
    }),
  )
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'any', maxRetries: 0 })
  return { upstream, operators, operator: operators[0]!, gateway, client }
}

/** A voucher of the payer, as its gateway would send it. */
async function voucherOver(cap: bigint, operator: Address) {
  const voucher = { payer, operator, cap }
  const typed = voucherTypedData({ chainId: 31337, ledger, voucher })
  const signature = await privateKeyToAccount(payerKey).signTypedData(typed)
  return encodeVoucherHeader({ ...voucher, signature })
}

async function whole(client: OpenAI, extra: object = {}) {
  const asked = client.chat.completions.create({ model: 'echo-1', messages, ...extra })
  const { data, response } = await asked.withResponse()
  return { text: data.choices[0]!.message.content, headers: response.headers }
}

async function streamed(client: OpenAI) {
  const asked = client.chat.completions.create({ model: 'echo-1', messages, stream: true })
  const { data, response } = await asked.withResponse()
  let text = ''
  let receipt: unknown
  for await (const chunk of data) {
    text += chunk.choices[0]?.delta.content ?? ''
    receipt ??= (chunk as { inference_receipt?: unknown }).inference_receipt
  }
  return { text, headers: response.headers, receipt }
}

test('default: an answer is paid by voucher, and its receipt goes on to the client', async () => {
  const { client, gateway, operator } = await createScene()
  const response = await fetch(`${gateway.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'echo-1', messages }),
  })
  const body = new Uint8Array(await response.arrayBuffer())
  expect(response.headers.get(names.verification)).toBe('receipt')
  expect(response.headers.get(names.operator)).toBe(operator.address)
  expect(response.headers.get(names.model)).toBe(operator.version)
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  const secret = response.headers.get(names.secret) as `0x${string}`
  await verifyAnswer({ document, secret, response: body })
  expect(document.receipt).toMatchObject({ payer, sequence: 1n })

  const { text, receipt } = await streamed(client)
  expect(text).toBe('one two three')
  expect(receipt).toMatchObject({ receipt: { sequence: '2' }, content: 'events' })
  const id = response.headers.get(names.receiptId)
  expect(await (await fetch(`${gateway.url}/receipts/${id}`)).json()).toMatchObject({
    receipt: { sequence: '1' },
  })
  const state = gateway.purse!.channels()[0]!
  expect(state).toMatchObject({ owed: operator.books.channelOf(payer).cumulativeFee, reserved: 0n })
})

const told: Partial<Record<Lie, string>> = { twoInAPlace: 'equivocation', wrongSum: 'sum' }

test.each(lies)('error: a body with a receipt that is a lie is not returned: %s', async (lie) => {
  const { client, gateway, operators } = await createScene({ operators: 2 })
  const [liar, honest] = [operators[0]!, operators[1]!]
  const first = { provider: { order: [liar.address] } }
  await whole(client, first)
  liar.setLie(lie)
  const { text, headers } = await whole(client, first)
  expect(text).toBe('one two three')
  expect(headers.get(names.operator)).toBe(honest.address)
  expect(headers.get(names.reason)).toBe(`failover: invalid_receipt of ${liar.address}`)
  expect(gateway.of('disabled')).toMatchObject([{ upstream: liar.address }])
  const kept = gateway.journal.receipts.evidence()
  expect(kept.map(({ about }) => about)).toEqual(told[lie] ? [told[lie]] : [])
  liar.setLie(undefined)
  expect((await whole(client, first)).headers.get(names.operator)).toBe(honest.address)
})

test.each(lies)(
  'error: a stream with a receipt that is a lie ends in an error: %s',
  async (lie) => {
    const { client, operator, gateway } = await createScene()
    await streamed(client)
    operator.setLie(lie)
    await expect(streamed(client)).rejects.toThrow(OpenAI.APIError)
    expect(gateway.of('disabled')).toMatchObject([{ failure: 'invalid_receipt' }])
  },
)

test('behavior: two receipts in a place are kept as evidence that the ledger takes', async () => {
  const { client, operator, gateway } = await createScene()
  await whole(client)
  operator.setLie('twoInAPlace')
  await expect(whole(client)).rejects.toThrow()
  const [evidence] = gateway.journal.receipts.evidence()
  expect(evidence!.documents.map(({ receipt }) => receipt.sequence)).toEqual([1n, 1n])
})

test('behavior: answers side by side take places of their own, and add up', async () => {
  const { client, operator, gateway } = await createScene({ payer: { exposure: '10000000' } })
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? whole : streamed)(client)),
  )
  const { cumulativeFee, sequence, reserved } = operator.books.channelOf(payer)
  expect(sequence).toBe(20n)
  expect(reserved).toBe(0n)
  expect(gateway.purse!.channels()).toMatchObject([{ owed: cumulativeFee, reserved: 0n }])
  expect(gateway.journal.receipts.of(operator.address)).toHaveLength(20)
})

test('behavior: no voucher goes beyond what the policy lets an operator take', async () => {
  const { client, operator, gateway, upstream } = await createScene({ payer: { exposure: '1200' } })
  upstream.setRule(() => ({ kind: 'slow', firstMs: 150 }))
  const ends = await Promise.allSettled([
    whole(client),
    whole(client),
    whole(client),
    whole(client),
  ])
  expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
  expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  const { owed, cap } = gateway.purse!.channels()[0]!
  expect(cap).toBeLessThanOrEqual(1200n)
  expect(operator.books.channelOf(payer).cap).toBe(cap)
  expect(owed).toBeGreaterThan(0n)
})

test('behavior: a request that fails costs nothing, and its quote is free again', async () => {
  const { client, operator, gateway, upstream } = await createScene()
  upstream.failNext({ kind: 'status', status: 500 })
  await expect(whole(client)).rejects.toMatchObject({ status: 503 })
  expect(operator.books.channelOf(payer)).toMatchObject({ sequence: 0n, reserved: 0n })
  expect(gateway.purse!.channels()).toMatchObject([{ owed: 0n, reserved: 0n }])
})

/** An answer that the gateway never sees: charged all the same. */
async function loseAnswer(operator: TestOperator, cap: bigint, id = 1n) {
  const response = await fetch(`${operator.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'echo-1', messages }),
    headers: {
      [names.request]: toHex(id, { size: 32 }),
      [names.secret]: toHex(2n, { size: 32 }),
      [names.voucher]: await voucherOver(cap, operator.address),
    },
  })
  expect(response.status).toBe(200)
}

test('behavior: receipts that were lost are asked for when a voucher turns out short', async () => {
  const { client, operator, gateway } = await createScene({ payer: { exposure: '1000' } })
  await whole(client)
  await loseAnswer(operator, 600n)
  await whole(client)
  expect(gateway.of('channel_resynced')).toMatchObject([{ receipts: 1 }])
  const { cumulativeFee, sequence } = operator.books.channelOf(payer)
  expect(sequence).toBe(3n)
  expect(gateway.purse!.channels()).toMatchObject([{ owed: cumulativeFee }])
})

test('behavior: many lost receipts are asked for page by page', async () => {
  const { client, operator, gateway } = await createScene()
  await whole(client)
  for (let index = 1; index <= 5; index++) await loseAnswer(operator, 5_000n, BigInt(index))
  await whole(client)
  await expect.poll(() => gateway.of('channel_resynced')).toMatchObject([{ receipts: 5 }])
  expect(gateway.journal.receipts.of(operator.address)).toHaveLength(7)
})

test('behavior: a gap between receipts is asked for, and who hides what is in it is trusted no further', async () => {
  const { client, operator, gateway } = await createScene()
  await whole(client)
  await loseAnswer(operator, 2_000n)
  await whole(client)
  await expect.poll(() => gateway.of('channel_resynced')).toMatchObject([{ receipts: 1 }])
  expect(gateway.journal.receipts.of(operator.address)).toHaveLength(3)

  const { documents } = operator.books.channelOf(payer)
  await operator.books.skip(payer)
  await whole(client)
  expect(documents).toHaveLength(4)
  await expect.poll(() => gateway.of('evidence_kept')).toMatchObject([{ about: 'gap' }])
  await expect(whole(client)).rejects.toMatchObject({ status: 503 })
  expect(gateway.of('disabled')).toMatchObject([{ failure: 'invalid_receipt' }])
})

test('behavior: tabs are funded in steps, by orders that the payer signs', async () => {
  const tab = { step: '1000', max: '3000' }
  const { client, gateway } = await createScene({ payer: { tab, exposure: '2000' } })
  const ends = []
  for (let count = 0; count < 30; count++) ends.push(await whole(client).catch(() => undefined))
  const totals = gateway.of('order_recorded').map(({ total }) => total)
  expect(totals).toEqual([1000n, 2000n, 3000n])
  expect(ends.at(-1)).toBeUndefined()
  expect(gateway.purse!.channels()[0]!.cap).toBeLessThanOrEqual(3000n)
})

describe('session keys', () => {
  const owner = privateKeyToAccount(toHex(8n, { size: 32 }))

  async function sessionOver(cap: bigint) {
    const session = {
      ...{ payer: owner.address, key: payer, operator: zeroAddress, cap },
      expiry: BigInt(Math.floor(Date.now() / 1000)) + 3_600n,
    }
    const typed = sessionTypedData({ chainId: 31337, ledger, session })
    const signature = await owner.signTypedData(typed)
    return { ...session, cap: `${cap}`, expiry: `${session.expiry}`, signature }
  }

  test('default: vouchers are on the payer, up to what it let the key spend', async () => {
    const session = await sessionOver(700n)
    const tab = { step: '1000', max: '3000' }
    const { client, operator, gateway } = await createScene({ payer: { session, tab } })
    for (let count = 0; count < 2; count++) await whole(client)
    expect(operator.books.channelOf(owner.address).sequence).toBe(2n)
    for (let count = 0; count < 3; count++) await whole(client).catch(() => undefined)
    await expect(whole(client)).rejects.toMatchObject({ status: 503 })
    expect(gateway.purse!.channels()[0]!.cap).toBeLessThanOrEqual(700n)
    // Only the payer itself can sign what funds a tab.
    expect(gateway.of('order_recorded')).toEqual([])
  })

  test('error: a session of another key', async () => {
    const session = { ...(await sessionOver(700n)), key: owner.address }
    await expect(createScene({ payer: { session } })).rejects.toThrow(GatewayConfigError)
  })
})
