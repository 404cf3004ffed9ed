import {
  decodeReceiptHeader,
  encodeVoucherHeader,
  headers as names,
  verifyAnswer,
} from '@assay/protocol/http'
import { createSealedFetch } from '@assay/protocol/ohttp'
import { receiptIdOf } from '@assay/protocol/receipt'
import { deposit, fundTab, signTabOrder, signVoucher } from '@assay/sdk'
import { decodeTrace } from '@assay/tensor'
import { serveUpstream, type Upstream } from '@assay/testing'
import OpenAI from 'openai'
import { bytesToHex, keccak256, stringToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { until } from '../faults/support/operator.ts'
import { cli, linesOf, serveChain, startProcess, writeConfig } from '../faults/support/processes.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'

const account = accountAt(2)
const price = { perRequest: '100', perMillionIn: '1000000', perMillionOut: '2000000' }
const key = 'sk-proj-this-is-a-secret'
let chain: Awaited<ReturnType<typeof serveChain>>
let upstream: Upstream
let config: string
let voucher: string

beforeAll(async () => {
  process.env.TEST_SERVE_KEY = key
  upstream = await serveUpstream({ key })
  chain = await serveChain()
  const { suite } = chain
  const { deployment, payer } = suite
  await suite.enlist(account)
  const client = suite.clientOf(payer)
  await deposit(client, { deployment, spender: deployment.ledger, amount: dollars(100) })
  const operator = account.address
  const order = await signTabOrder(client, { deployment, operator, total: dollars(50) })
  await fundTab(suite.clientOf(accountAt(5)), { deployment, order })
  const signed = await signVoucher(client, { deployment, operator, cap: dollars(50) })
  voucher = encodeVoucherHeader(signed)
  const backend = {
    kind: 'openai',
    baseUrl: upstream.baseUrl,
    model: 'echo-1',
    keyEnv: 'TEST_SERVE_KEY',
  }
  const models = [
    { name: 'echo', version: keccak256('0x0e'), backend, price },
    { name: 'small', version: suite.model, backend: { kind: 'exact', folder: 'model' }, price },
  ]
  const overrides = { models: [], serve: { models } }
  config = await writeConfig({ suite, account, rpcUrl: chain.url, port: 0, overrides })
  await chain.tick(100)
})
afterAll(async () => {
  delete process.env.TEST_SERVE_KEY
  await upstream.close()
  await chain.stop()
})

async function start() {
  const operator = startProcess(cli, ['operator', '--config', config, '--json', '--verbose'])
  await until('its start', () => linesOf(operator, 'operator started').length > 0)
  const { url } = linesOf(operator, 'operator started')[0] as { url: string }
  return { operator, url, client: new OpenAI(options(url)) }
}

function options(url: string) {
  const defaultHeaders = { [names.voucher]: voucher }
  return { baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0, defaultHeaders }
}

const messages = [{ role: 'user', content: 'one two three' }] as const
const ask = { model: 'echo', messages: [...messages] }

test('default: a process answers for a tab, and its receipts are signed for the ledger', async () => {
  const { operator, url, client } = await start()
  const { suite } = chain
  const { deployment, program } = suite
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['echo', 'small'])
  const { data, response } = await client.chat.completions.create(ask).withResponse()
  expect(data.choices[0]?.message.content).toBe('one two three')
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  await verifyAnswer({ document, request: stringToBytes(JSON.stringify(ask)) })
  expect(document).toMatchObject({ chainId: deployment.chainId, ledger: deployment.ledger })
  expect(document.receipt).toMatchObject({
    ...{ payer: suite.payer.address, operator: account.address, sequence: 1n, fee: 112n },
  })

  const { input } = suite.draft()
  const body = JSON.stringify({ model: 'small', input: Buffer.from(input).toString('base64') })
  const init = { method: 'POST', body, headers: { [names.voucher]: voucher } }
  const inferred = await fetch(`${url}/v1/infer`, init)
  const exact = decodeReceiptHeader(inferred.headers.get(names.receipt)!)
  const trace = await fetch(`${url}/traces/${receiptIdOf(exact)}`)
  const bytes = new Uint8Array(await trace.arrayBuffer())
  expect(decodeTrace({ program, input, bytes }).evidenceHash).toBe(exact.claim?.evidenceHash)
  expect(exact.receipt.sequence).toBe(2n)

  const published = await fetch(`${url}/.well-known/ohttp-gateway`)
  // Behind the length of the configuration, the id of the key and that of its kind.
  const encryptionKey = bytesToHex(new Uint8Array(await published.arrayBuffer()).slice(5, 37))
  const sealed = createSealedFetch({ fetch, relay: `${url}/ohttp`, encryptionKey })
  const hidden = new OpenAI({ ...options(url), fetch: sealed })
  const secret = await hidden.chat.completions.create(ask).withResponse()
  expect(secret.data.choices[0]?.message.content).toBe('one two three')
  const third = decodeReceiptHeader(secret.response.headers.get(names.receipt)!)
  expect(third.receipt.sequence).toBe(3n)

  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('assay_requests_total{model="echo",task="chat",status="200"} 2')
  upstream.failNext({ kind: 'status', status: 401, message: `Wrong key ${key}` })
  await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 502 })
  operator.child.kill('SIGTERM')
  expect(await operator.ended).toBe(0)
  expect([...operator.lines, ...operator.errors].join()).not.toContain('sk-proj')
})

test('behavior: a stop lets answers come to their end, and the channel goes on afterwards', async () => {
  const { operator, client } = await start()
  upstream.failNext({ kind: 'slow', betweenMs: 200 })
  const stream = await client.chat.completions.create({ ...ask, stream: true })
  operator.child.kill('SIGTERM')
  const chunks = await Array.fromAsync(stream)
  expect(chunks.at(-1)).toHaveProperty('inference_receipt.receipt.sequence', '4')
  expect(await operator.ended).toBe(0)
  const next = await start()
  const { response } = await next.client.chat.completions.create(ask).withResponse()
  const { receipt } = decodeReceiptHeader(response.headers.get(names.receipt)!)
  expect(receipt.sequence).toBe(5n)
  next.operator.child.kill('SIGTERM')
  expect(await next.operator.ended).toBe(0)
})

test('error: a key that is not there stops the start', async () => {
  delete process.env.TEST_SERVE_KEY
  const operator = startProcess(cli, ['operator', '--config', config])
  expect(await operator.ended).toBe(2)
  expect(operator.errors.join()).toContain('TEST_SERVE_KEY')
})
