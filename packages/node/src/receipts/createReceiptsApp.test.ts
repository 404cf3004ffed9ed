import { parseChannelState, parseReceiptDocument, saltsOf } from '@assay/protocol/http'
import { receiptIdOf, receiptTree } from '@assay/protocol/receipt'
import { type Hash, keccak256, numberToHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { openJournal } from '../journal/openJournal.ts'
import { buildBatch } from '../settling/buildBatch.ts'
import { systemClock } from '../support/clock.ts'
import { createIssuer } from './createIssuer.ts'
import { createReceiptsApp } from './createReceiptsApp.ts'
import type { Answered } from './issuer.ts'

const operator = privateKeyToAccount(numberToHex(1, { size: 32 }))
const deployment = { chainId: 31337, ledger: zeroAddress } as const
const hash = (n: number): Hash => numberToHex(n, { size: 32 })

/** An app that shows `count` free receipts, of all levels in turn. */
async function setUp(count = 3) {
  const journal = openJournal({
    ...{ path: ':memory:', clock: systemClock },
    owner: { chainId: 31337, market: zeroAddress, account: operator.address },
  })
  const issuer = createIssuer({
    ...{ deployment, operator: operator.address, journal, clock: systemClock },
    tabs: {
      read: async () => ({ funded: 0n, spent: 0n, thawedAt: 0n, epoch: 0 }),
      forget: () => undefined,
      isSignedByContract: async () => false,
    },
    sign: (id) => operator.sign({ hash: id }),
    fundTab: async () => false,
    observe: () => undefined,
  })
  const levels = ['payment', 'hashed', 'public'] as const
  const documents = []
  for (let n = 1; n <= count; n++) {
    const requestId = hash(n)
    const request = {
      requestId,
      requestHash: hash(0),
      payment: { kind: 'free' },
      quote: 0n,
    } as const
    const admitted = await issuer.admit(request)
    if (admitted.kind === 'repeated') throw new Error('repeated')
    const answered: Answered = {
      ...{ requestId, model: hash(0), inputHash: hash(1), outputHash: hash(2), fee: 0n },
      ...{ evidenceHash: hash(3), unitsIn: 1n, unitsOut: 1n, servedModel: 'm' },
      ...{ usage: 'upstream', content: 'bytes', privacy: levels[(n - 1) % 3]! },
      ...{ secret: hash(9), isSecretOurs: true, request: new Uint8Array([1]) },
      reply: { contentType: 'application/json', body: new Uint8Array([2, 255]) },
    }
    documents.push(await admitted.admission.issue(answered))
  }
  const app = createReceiptsApp({ journal, issuer })
  const get = async (path: string) => {
    const response = await app.request(path)
    return { status: response.status, body: await response.json() }
  }
  return { app, get, journal, documents }
}

const idOf = ({ receipt }: { receipt: Parameters<typeof receiptIdOf>[0]['receipt'] }) =>
  receiptIdOf({ ...deployment, receipt })

test('default: a receipt is shown without its secret, and as far as its level allows', async () => {
  const { get, documents } = await setUp()
  for (const [place, document] of documents.entries()) {
    const { status, body } = await get(`/receipts/${idOf(document)}`)
    expect(status).toBe(200)
    const { secret, claim, ...rest } = document
    expect(secret).toBe(hash(9))
    expect(parseReceiptDocument(body)).toEqual(place === 0 ? rest : { ...rest, claim })
  }
})

test('behavior: a channel shows where it stands, and its receipts after one', async () => {
  const { get, documents } = await setUp(3)
  const channel = await get(`/channels/${zeroAddress}`)
  const state = { payer: zeroAddress, operator: operator.address, sequence: 3n, reserved: 0n }
  expect(parseChannelState(channel.body)).toMatchObject(state)
  const { body } = await get(`/channels/${zeroAddress}/receipts?after=1`)
  const listed = (body as { data: unknown[] }).data.map(parseReceiptDocument)
  expect(listed.map(idOf)).toEqual(documents.slice(1).map(idOf))
  expect(body).toMatchObject({ has_more: false })
})

test('behavior: data of a batch is what its hash commits to, line by line', async () => {
  const { app, journal, documents } = await setUp(5)
  const built = await buildBatch(journal, { first: 1, last: 5 })
  journal.batches.add(built)
  expect(built.root).toBe(receiptTree(documents.map(idOf)).root)
  const byRoot = await app.request(`/batches/${built.root}`)
  const response = await app.request(`/batches/${built.dataHash}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect(keccak256(bytes)).toBe(built.dataHash)
  expect(new Uint8Array(await byRoot.arrayBuffer())).toEqual(bytes)
  const text = new TextDecoder().decode(bytes)
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => idOf(parseReceiptDocument(line)))).toEqual(documents.map(idOf))
  expect(lines.map(({ claim }) => claim !== undefined)).toEqual([false, true, true, false, true])
  expect(lines[2]).toMatchObject({
    salts: saltsOf(hash(9)),
    contents: { input: 'AQ==', output: 'Av8=' },
  })
  expect(text).not.toContain('secret')
  expect(lines.filter(({ salts }) => salts)).toHaveLength(1)
})

test.each([
  ['/receipts/0x12', 404],
  [`/receipts/${hash(1)}`, 404],
  [`/batches/${hash(1)}`, 404],
  ['/channels/me', 400],
  ['/channels/me/receipts', 400],
  [`/channels/${zeroAddress}/receipts?after=-1`, 400],
  [`/channels/${zeroAddress}/receipts?after=99999999999999999999`, 400],
])('error: GET %s', async (path, status) => {
  const { get } = await setUp(1)
  const { status: found, body } = await get(path)
  expect(found).toBe(status)
  expect(body).toMatchObject({ error: { type: 'invalid_request_error' } })
})
