import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createCloser, serveOperator, serveUpstream, startGateway } from '@assay/testing'
import { keccak256, toHex } from 'viem'
import { afterEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const version = keccak256('0x01')
const other = keccak256('0x02')

async function startOperator(privateKey: bigint, given = version) {
  const upstream = await track(serveUpstream())
  return track(
    serveOperator({
      ...{ privateKey: toHex(privateKey, { size: 32 }), upstream: upstream.url, version: given },
      ...{ chainId: 31337, ledger },
    }),
  )
}

type Row = { address: string; endpoint: string; active: string }

/** An indexer that knows these operators, and one publisher's model. */
async function serveIndex(rows: Row[]) {
  const asked: unknown[] = []
  const server = createServer(async (incoming, response) => {
    asked.push(await json(incoming))
    const versions = {
      items: [
        { id: version, deprecatedAt: null },
        { id: other, deprecatedAt: '1' },
      ],
    }
    const data = {
      operators: {
        items: rows.map(({ address, endpoint }) => ({ address: address.toLowerCase(), endpoint })),
      },
      stakePositions: {
        items: rows.map(({ address, active }) => ({ operator: address.toLowerCase(), active })),
      },
      models: { items: [{ name: 'published', versions }] },
    }
    response.end(JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url, asked, close }
}

const base = { chainId: 31337, ledger }

test('default: operators of the index, with their stake, under the names of trusted publishers', async () => {
  const operator = await startOperator(100n)
  const rows = [{ address: operator.address, endpoint: operator.url, active: '5' }]
  const index = await track(serveIndex(rows))
  const config = { ...base, indexerUrl: index.url, publishers: [ledger] }
  const { catalog } = await track(startGateway({ config }))
  expect(catalog.upstreams()).toMatchObject([{ id: operator.address, stake: 5n }])
  expect([...catalog.upstreams()[0]!.offers.keys()]).toEqual([version, 'published'])
  expect(index.asked[0]).toMatchObject({
    variables: { source: ledger.toLowerCase(), publishers: [ledger.toLowerCase()] },
  })
})

test('behavior: a version that the publisher took back does not answer to its name', async () => {
  const operator = await startOperator(100n, other)
  const rows = [{ address: operator.address, endpoint: operator.url, active: '5' }]
  const index = await track(serveIndex(rows))
  const config = { ...base, indexerUrl: index.url, publishers: [ledger] }
  const { catalog } = await track(startGateway({ config }))
  expect(catalog.find('published', 'chat')).toEqual([])
  expect(catalog.find(other, 'chat')).toHaveLength(1)
})

test('parameters: models, trustCards', async () => {
  const operator = await startOperator(100n)
  const operators = [{ url: operator.url }]
  const models = [{ name: 'mine', versions: [version] }]
  const named = await track(startGateway({ config: { ...base, operators, models } }))
  expect(named.catalog.find('mine', 'chat')).toHaveLength(1)
  expect(named.catalog.find('echo-1', 'chat')).toEqual([])
  expect(named.catalog.find('mine', 'infer')).toEqual([])
  const config = { ...base, operators, trustCards: true }
  const trusting = await track(startGateway({ config }))
  expect(trusting.catalog.find('echo-1', 'chat')).toHaveLength(1)
  const meant = { ...config, models: [{ name: 'echo-1', versions: [other] }] }
  const strict = await track(startGateway({ config: meant }))
  expect(strict.catalog.find('echo-1', 'chat')).toEqual([])
})

test('error: cards that speak for another operator than the registry does', async () => {
  const operator = await startOperator(100n)
  const index = await track(serveIndex([{ address: ledger, endpoint: operator.url, active: '5' }]))
  const { catalog, of } = await track(startGateway({ config: { ...base, indexerUrl: index.url } }))
  expect(catalog.upstreams()).toEqual([])
  expect(of('catalog_failed')).toHaveLength(1)
})

test('behavior: an operator that does not answer for once stays, and one that is no longer listed goes', async () => {
  const operator = await startOperator(100n)
  const rows = [{ address: operator.address, endpoint: operator.url, active: '5' }]
  const index = await track(serveIndex(rows))
  const { catalog } = await track(startGateway({ config: { ...base, indexerUrl: index.url } }))
  await operator.close()
  await catalog.refresh()
  expect(catalog.upstreams()).toHaveLength(1)
  rows.length = 0
  await catalog.refresh()
  expect(catalog.upstreams()).toEqual([])
})

test('behavior: what the index told last goes on while neither it nor the chain answers', async () => {
  const operator = await startOperator(100n)
  const rows = [{ address: operator.address, endpoint: operator.url, active: '5' }]
  const index = await track(serveIndex(rows))
  const { catalog, of } = await track(startGateway({ config: { ...base, indexerUrl: index.url } }))
  await index.close()
  await catalog.refresh()
  expect(of('catalog_failed')).toMatchObject([{ subject: 'indexer' }])
  expect(catalog.upstreams()).toHaveLength(1)
})
