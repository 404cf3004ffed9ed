import { registerOperator } from '@assay/sdk'
import {
  createCloser,
  dollars,
  serveOperator,
  serveUpstream,
  stakeOn,
  startGateway,
} from '@assay/testing'
import OpenAI from 'openai'
import { toHex, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deployWorld, networkHelpers, type World } from './indexer/deployWorld.ts'
import { startWorldIndexer, type WorldIndexer } from './indexer/startWorldIndexer.ts'

/* A dApp changes one URL: the gateway finds operators in the real index, by the name their model was published under. */

const { track, closeAll } = createCloser()
const timeout = 240_000
let world: World
let indexer: WorldIndexer

beforeAll(async () => {
  world = await deployWorld()
  const { deployment } = world
  const upstream = await track(serveUpstream())
  const { chainId, ledger } = deployment
  for (const [index, name] of (['operator', 'rival'] as const).entries()) {
    const served = await track(
      serveOperator({
        ...{ privateKey: toHex(100n + BigInt(index), { size: 32 }), chainId, ledger },
        ...{ upstream: upstream.url, operator: world.actors[name].account.address },
        version: world.version,
      }),
    )
    await registerOperator(world.actors[name], { deployment, endpoint: served.url })
  }
  const stake = { model: zeroHash, source: ledger, operators: ['operator'] as const }
  await stakeOn(world, networkHelpers, { ...stake, amount: dollars(500) })
  indexer = await startWorldIndexer(world)
  await indexer.waitForHead()
}, timeout)

afterAll(async () => {
  await closeAll()
  await indexer?.stop()
}, timeout)

test('default: operators, stake and names are those of the index', async () => {
  const { deployment, actors, version } = world
  const gateway = await track(
    startGateway({
      config: {
        ...{ deployment, indexerUrl: indexer.url },
        publishers: [actors.publisher.account.address],
      },
    }),
  )
  expect(gateway.of('catalog_failed')).toEqual([])
  const found = gateway.catalog.upstreams().map(({ id, stake }) => [id.toLowerCase(), stake])
  expect(Object.fromEntries(found)).toEqual({
    [actors.operator.account.address]: dollars(500),
    [actors.rival.account.address]: 0n,
  })
  const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: 'any' })
  const { data } = await client.models.list()
  expect(data.map(({ id }) => id)).toContain(version)
  expect(data.length).toBeGreaterThan(1)
})
