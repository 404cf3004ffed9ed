import { slotOf } from '@assay/protocol'
import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { createJob, deployMarket, evidenceHash, output, requestJob, stake } from './fixtures.ts'
import { installHistory } from './history.ts'

const status = { none: 0, open: 1, answered: 3, final: 5, expired: 7 }

describe('slot', () => {
  const lateSlot = { tau: 20, ramp: 0 }

  /** A job in which the operator's slot opens seconds after the request, well before the deadline. */
  async function requestLate(fixture: Awaited<ReturnType<typeof deployMarket>>) {
    for (;;) {
      const requested = await requestJob(fixture, lateSlot)
      const { job, requestedAt } = requested
      const slot = [job, fixture.operator] as const
      const opensAt = await fixture.market.read.slotOf(slot, { blockTag: 'pending' })
      if (opensAt > requestedAt + 5n && opensAt < job.deadline) return { ...requested, opensAt }
    }
  }

  test('behavior: is where the protocol package computes it', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, publicClient, operator, rival } = fixture
    for (const tau of [1, 2, 60, 3600]) {
      const { job, requestedAt, requestedBlock } = await requestJob(fixture, { tau })
      const { hash: seed } = await publicClient.getBlock({ blockNumber: requestedBlock + 1n })
      await networkHelpers.mine()
      for (const account of [operator, rival]) {
        const expected = slotOf({
          seed: seed!,
          operator: account,
          weight: stake,
          totalWeight: 2n * stake,
          tau,
          requestedAt,
        })
        expect(await market.read.slotOf([job, account])).toBe(expected)
      }
    }
  })

  test('error: is not open, a second too early', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, operator } = fixture
    const { job, id, opensAt } = await requestLate(fixture)
    await networkHelpers.time.setNextBlockTimestamp(opensAt - 1n)

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([job, operator, output, evidenceHash], { account: operator }),
      market,
      'SlotNotOpen',
      [id, getAddress(operator), opensAt, opensAt - 1n],
    )
  })

  test('behavior: opens on its second', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, operator } = fixture
    const { job, id, opensAt } = await requestLate(fixture)
    await networkHelpers.time.setNextBlockTimestamp(opensAt)
    await market.write.answer([job, operator, output, evidenceHash], { account: operator })

    expect(await market.read.statusOf([id])).toBe(status.answered)
  })

  test('error: has no seed in the block after the request', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, payer, operator, publicClient } = fixture
    const job = await createJob(fixture)
    const hash = await market.write.request([job, '0x'], { account: payer })
    const { blockNumber } = await publicClient.getTransactionReceipt({ hash })
    const id = await market.read.jobId([job])

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([job, operator, output, evidenceHash], { account: operator }),
      market,
      'SeedNotReady',
      [id, blockNumber + 1n, blockNumber + 1n],
    )
  })

  test.each([{ blocks: 255 }, { blocks: 256 }, { blocks: 300 }, { blocks: 8_191 }])(
    'behavior: keeps its seed for $blocks blocks',
    async ({ blocks }) => {
      const fixture = await networkHelpers.loadFixture(deployMarket)
      const { market, operator } = fixture
      const { job, requestedBlock } = await requestJob(fixture)
      await installHistory(requestedBlock + 1n)
      await networkHelpers.mine()
      const before = await market.read.slotOf([job, operator])
      await networkHelpers.mine(blocks - 1, { interval: 0 })

      expect(await market.read.slotOf([job, operator])).toBe(before)
    },
  )

  test('error: has no seed after 256 blocks where the chain keeps no history', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, operator } = fixture
    const { job, id, requestedBlock } = await requestJob(fixture)
    await networkHelpers.mine(300, { interval: 0 })

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.read.slotOf([job, operator]),
      market,
      'SeedUnavailable',
      [id, requestedBlock + 1n],
    )
  })

  test('error: has lost its seed after 8,191 blocks', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, operator } = fixture
    const { job, id, requestedBlock } = await requestJob(fixture)
    await installHistory(requestedBlock + 1n)
    await networkHelpers.mine(8_191, { interval: 0 })

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.read.slotOf([job, operator], { blockTag: 'pending' }),
      market,
      'SeedUnavailable',
      [id, requestedBlock + 1n],
    )
  })
})
