import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { slotOf } from '@assay/protocol'
import { expect, test } from 'vitest'

import type { SortitionVectors } from '../../../scripts/vectors/sortition/sortitionVectors.ts'
import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployAnswered, deployMarket, requestJob, stake } from '../JobMarket/fixtures.ts'

const path = join(import.meta.dirname, '../../vectors/sortition.json')
const { draws, waits }: SortitionVectors = JSON.parse(readFileSync(path, 'utf8'))

async function deployLibraries() {
  return viem.deployContract('MarketLibraries')
}

test('behavior: draws are those of the vectors', async () => {
  const libraries = await networkHelpers.loadFixture(deployLibraries)

  for (const { seed, operator, draw } of draws) {
    expect(String(await libraries.read.draw([seed, operator]))).toBe(draw)
  }
})

test('behavior: waits are those of the vectors', async () => {
  const libraries = await networkHelpers.loadFixture(deployLibraries)

  for (const vector of waits) {
    const draw = BigInt(vector.draw)
    const weights = [BigInt(vector.weight), BigInt(vector.totalWeight)] as const
    const negLog2 = await libraries.read.negLog2([draw])
    const wait = await libraries.read.wait([draw, BigInt(vector.tau), ...weights])
    expect({ ...vector, negLog2: String(negLog2), wait: String(wait) }).toEqual(vector)
  }
})

test("behavior: a busy operator's slot moves back by what it has reserved", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, publicClient, operator, rival } = fixture
  const fee = dollars(400)
  const pending = { blockTag: 'pending' } as const
  const { job, requestedAt, requestedBlock } = await requestJob(fixture, { tau: 3600 })
  const { hash: seed } = await publicClient.getBlock({ blockNumber: requestedBlock + 1n })
  const slots = { seed: seed!, totalWeight: 2n * stake, tau: job.tau, requestedAt }
  const idle = await market.read.slotOf([job, operator], pending)
  const idleRival = await market.read.slotOf([job, rival], pending)

  const { settlement } = await deployAnswered(fixture, { feeMin: fee, feeMax: fee })

  const busy = await market.read.slotOf([job, operator], pending)
  expect(settlement.reserved).toBe(dollars(800))
  expect(idle).toBe(slotOf({ ...slots, operator, weight: stake }))
  expect(busy).toBe(slotOf({ ...slots, operator, weight: stake - settlement.reserved }))
  expect(busy - requestedAt).toBeGreaterThanOrEqual(5n * (idle - requestedAt))
  expect(await market.read.slotOf([job, rival], pending)).toBe(idleRival)
})
