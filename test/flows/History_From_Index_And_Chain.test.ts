import {
  IndexUnavailableError,
  InvalidCursorError,
  type ReadHistoryParameters,
  readHistory,
} from '@assay/sdk'
import { dollars, findPort, stakeOn } from '@assay/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { answer, demand, expire, refute, request, settle, wholeTrace } from './indexer/actions.ts'
import { deployWorld, networkHelpers, type World } from './indexer/deployWorld.ts'
import { startWorldIndexer, type WorldIndexer } from './indexer/startWorldIndexer.ts'

/* Jobs that ended in every way, read from both sources. */

let world: World
let indexer: WorldIndexer

const timeout = 120_000

beforeAll(async () => {
  world = await deployWorld()
  const { escrow, market, tensorVerifier, payer, refuter, rival, version } = world
  const stake = { model: version, operators: ['operator', 'rival'], amount: dollars(500) } as const
  await stakeOn(world, networkHelpers, stake)
  for (const account of [payer, refuter]) {
    await escrow.write.deposit([account, market.address, dollars(500)], { account })
  }
  const bond = [refuter, tensorVerifier.address, dollars(50)] as const
  await escrow.write.deposit(bond, { account: refuter })

  await expire(world, await request(world))
  await settle(world, [await answer(world, await request(world))])
  await refute(world, await answer(world, await request(world), { corrupt: true }))
  await request(world, { payer: refuter })
  const challenged = await answer(world, await request(world))
  await demand(world, challenged, wholeTrace)
  await answer(world, await request(world), { operator: rival })
  indexer = await startWorldIndexer(world)
  await indexer.waitForHead()
}, timeout)

afterAll(() => indexer?.stop(), timeout)

function read(parameters: Partial<ReadHistoryParameters> = {}) {
  const { deployment, publicClient } = world
  return readHistory(publicClient, { deployment, ...parameters })
}

test('default: both sources tell the same', async () => {
  const fromIndex = await read({ indexerUrl: indexer.url })
  const fromChain = await read()
  expect(fromIndex.source).toBe('index')
  expect(fromChain.source).toBe('chain')
  expect(fromIndex.entries).toEqual(fromChain.entries)
  expect(fromIndex.asOf).toBe(fromChain.asOf)
  const statuses = fromIndex.entries.map(({ status }) => status)
  expect(statuses).toEqual(['Answered', 'Challenged', 'Open', 'Refuted', 'Final', 'Expired'])
  const { market } = world
  const codes = await Promise.all(
    fromIndex.entries.map(({ id }) => market.read.statusOf([id], { blockTag: 'latest' })),
  )
  expect(codes).toEqual([3, 4, 1, 6, 5, 7])
})

test('behavior: an answer becomes final by time alone', async () => {
  await networkHelpers.time.increase(60)
  const { entries } = await read()
  expect(entries[0]!.status).toBe('Final')
  await indexer.waitForHead()
  expect((await read({ indexerUrl: indexer.url })).entries[0]!.status).toBe('Final')
})

test.each(['asc', 'desc'] as const)('parameters: pages, %s', async (direction) => {
  const all = await read({ direction })
  for (const indexerUrl of [indexer.url, undefined]) {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await read({ indexerUrl, direction, limit: 4, after })
      seen.push(...page.entries.map(({ id }) => id))
      after = page.cursor
    } while (after !== undefined)
    expect(seen).toEqual(all.entries.map(({ id }) => id))
  }
})

test.each(['payer', 'operator', 'model'] as const)('parameters: %s', async (field) => {
  const { payer, rival: operator, version: model } = world
  const filter = { [field]: { payer, operator, model }[field] }
  const fromIndex = await read({ ...filter, indexerUrl: indexer.url })
  const fromChain = await read(filter)
  expect(fromIndex.entries.length).toBe({ payer: 5, operator: 1, model: 6 }[field])
  expect(fromIndex.entries).toEqual(fromChain.entries)
})

test('behavior: falls back to the chain, in the middle of a history too', async () => {
  const first = await read({ indexerUrl: indexer.url, limit: 2 })
  const gone = `http://127.0.0.1:${await findPort()}`
  const second = await read({ indexerUrl: gone, limit: 2, after: first.cursor })
  expect(second.source).toBe('chain')
  expect(second.failure).toBeInstanceOf(IndexUnavailableError)
  const all = await read()
  expect([...first.entries, ...second.entries]).toEqual(all.entries.slice(0, 4))
})

test('error: a cursor of something else', async () => {
  await expect(read({ after: 'eyJpZCI6MX0=' })).rejects.toThrow(InvalidCursorError)
})
