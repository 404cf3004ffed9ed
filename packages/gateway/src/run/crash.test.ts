import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCloser, serveOperator, serveUpstream, spawnGateway } from '@assay/testing'
import { toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-crash-'))
})
afterEach(async () => {
  await closeAll()
  rmSync(folder, { recursive: true })
})

const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const payerKey = toHex(7n, { size: 32 })
const payer = privateKeyToAddress(payerKey)
const exposure = 1_000n

async function createScene() {
  const upstream = await track(serveUpstream())
  const privateKey = toHex(100n, { size: 32 })
  const operator = await track(
    serveOperator({ privateKey, upstream: upstream.url, chainId: 31337, ledger }),
  )
  const config = {
    ...{ chainId: 31337, ledger, trustCards: true, payer: { exposure: `${exposure}` } },
    operators: [{ url: operator.url }],
  }
  const start = (killAt?: string) =>
    track(spawnGateway({ config, folder, killAt, environment: { ASSAY_PAYER_KEY: payerKey } }))
  return { operator, start }
}

async function ask(url: string, stream: boolean, key?: string) {
  const messages = [{ role: 'user', content: 'one two three' }]
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'echo-1', messages, stream }),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  })
  const text = await response.text()
  if (response.status !== 200 || text.includes('"error"')) throw new TypeError(text)
  return text
}

/** Lines at which the gateway is killed, in their order. */
const lines = [
  'attempt_started',
  'attempt_recorded',
  'cap_recorded',
  'receipt_recorded',
  'first_token',
  'attempt_ended',
  'request_ended',
  'answer_recorded',
]

/** Those at which a stream is in another state than a body. */
const streamed = ['first_token', 'receipt_recorded', 'answer_recorded']

test.each([
  ...lines.map((line) => [line, false] as const),
  ...streamed.map((line) => [line, true] as const),
])(
  'behavior: killed at %s (stream: %s), a client that asks again pays once',
  async (line, stream) => {
    const { operator, start } = await createScene()
    const killed = await start(line)
    const first = await ask(killed.url, stream, 'k1').catch(() => undefined)
    expect(await killed.ended()).toBe('SIGKILL')

    const restarted = await start()
    const answer = await ask(restarted.url, stream, 'k1')
    if (first !== undefined) expect(answer).toBe(first)
    expect(await ask(restarted.url, stream, 'k1')).toBe(answer)
    const books = operator.books.channelOf(payer)
    expect(books.sequence).toBe(1n)
    expect(books.cap).toBeLessThanOrEqual(exposure)
    const channels = await fetch(`${restarted.url}/channels/${payer}`)
    expect(await channels.json()).toMatchObject({
      channels: [{ owed: `${books.cumulativeFee}`, reserved: '0' }],
    })
  },
)

test('behavior: what was charged when the gateway was killed counts, though nobody asks again', async () => {
  const { operator, start } = await createScene()
  const killed = await start('receipt_recorded')
  await ask(killed.url, false).catch(() => undefined)
  await killed.ended()
  const restarted = await start()
  await ask(restarted.url, true)
  const books = operator.books.channelOf(payer)
  expect(books.sequence).toBe(2n)
  const channels = await fetch(`${restarted.url}/channels/${payer}`)
  expect(await channels.json()).toMatchObject({ channels: [{ owed: `${books.cumulativeFee}` }] })
})

test('error: two gateways with one journal', async () => {
  const { start } = await createScene()
  await start()
  const second = await start()
  expect(second.url).toBe('')
})
