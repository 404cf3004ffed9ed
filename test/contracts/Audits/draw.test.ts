import { drawOf, slotOf } from '@assay/protocol'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { answerJob, requestJob } from '../JobMarket/fixtures.ts'
import {
  answerAudited,
  auditorStake,
  auditSeedOf,
  auditStatus,
  challengeWindow,
  deployAudits,
  deployConfirmed,
  deployOpened,
  hardlyEver,
  liability,
  liabilityFloor,
  orderAudit,
  reward,
  smallStake,
  tau,
} from './fixtures.ts'

const never = 2n ** 64n - 1n
const totalWeight = 2n * auditorStake + smallStake

test('default: the block after the opening decides, for each audit apart', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, publicClient } = fixture
  const job = await requestJob(fixture, { challengeWindow })
  const ordered = []
  for (let i = 0; i < 24; i++) {
    ordered.push(await orderAudit(fixture, job.id, { ratePpm: 500_000 + i, reward: 1n }))
  }
  const { context } = await answerJob(fixture, job)
  for (const { order } of ordered) await audits.write.open([order, context])
  await networkHelpers.mine(2)

  const draws = new Set<boolean>()
  for (const { order, id } of ordered) {
    const { seedBlock } = await audits.read.auditOf([id])
    const { hash } = await publicClient.getBlock({ blockNumber: BigInt(seedBlock) })
    const draw = BigInt(auditSeedOf(hash!, id)) % 1_000_000n
    const isDrawn = await audits.read.isDrawn([order])
    expect(isDrawn).toBe(draw < BigInt(order.ratePpm))
    draws.add(isDrawn)
  }
  expect(draws.size).toBe(2)
})

test('behavior: the slots are the race of the market, under the audit’s own seed', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor, otherAuditor, smallAuditor, operator, publicClient } = fixture
  const { id, order, openedAt, seedBlock } = await deployOpened(fixture)
  const { hash } = await publicClient.getBlock({ blockNumber: seedBlock })
  const seed = auditSeedOf(hash!, id)

  for (const [account, weight] of [
    [auditor, auditorStake],
    [otherAuditor, auditorStake],
    [smallAuditor, smallStake],
  ] as const) {
    const race = { seed, operator: account, weight, totalWeight, tau, requestedAt: openedAt }
    expect(await audits.read.slotOf([order, account])).toBe(slotOf(race))
    expect(drawOf({ seed, operator: account })).toBeGreaterThan(0n)
  }
  expect(await audits.read.slotOf([order, operator])).toBe(never)
})

test('behavior: stake that is reserved has no weight', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor, publicClient } = fixture
  await deployConfirmed(fixture)
  const { id, order, openedAt, seedBlock } = await deployOpened(fixture)
  const { hash } = await publicClient.getBlock({ blockNumber: seedBlock })

  const race = { operator: auditor, weight: auditorStake - liability, totalWeight, tau }
  const seed = auditSeedOf(hash!, id)
  expect(await audits.read.slotOf([order, auditor])).toBe(
    slotOf({ ...race, seed, requestedAt: openedAt }),
  )
})

test('behavior: nobody has a slot in an audit that is not drawn', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const { order } = await deployOpened(fixture, { ratePpm: hardlyEver })

  expect(await audits.read.isDrawn([order])).toBe(false)
  expect(await audits.read.slotOf([order, auditor])).toBe(never)
})

test('error: not opened', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const { order, id } = await answerAudited(fixture)

  for (const read of [audits.read.isDrawn([order]), audits.read.slotOf([order, auditor])]) {
    await viem.assertions.revertWithCustomErrorWithArgs(read, audits, 'AuditNotOpened', [
      id,
      auditStatus.ordered,
    ])
  }
})

test('error: the seed is not there yet', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, publicClient } = fixture
  const { order, id, answered } = await answerAudited(fixture)
  await audits.write.open([order, answered.context])
  const seedBlock = (await publicClient.getBlockNumber()) + 1n

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.read.isDrawn([order]),
    audits,
    'SeedNotReady',
    [id, seedBlock, seedBlock - 1n],
  )
  await networkHelpers.mine(1)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.read.isDrawn([order]),
    audits,
    'SeedNotReady',
    [id, seedBlock, seedBlock],
  )
  await networkHelpers.mine(1)
  expect(await audits.read.isDrawn([order])).toBe(true)
})

test('error: the seed is out of reach', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const { order, id, seedBlock } = await deployOpened(fixture)
  await networkHelpers.mine(8_191, { interval: 0 })
  await networkHelpers.mine(2)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.read.isDrawn([order]),
    audits,
    'SeedUnavailable',
    [id, seedBlock],
  )
})

test('behavior: the liability follows the reward, from a floor', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const atFloor = dollars(0.5)

  expect(await audits.read.liabilityOf([reward])).toBe(liability)
  expect(await audits.read.liabilityOf([atFloor])).toBe(liabilityFloor)
  expect(await audits.read.liabilityOf([atFloor - 1n])).toBe(liabilityFloor)
  expect(await audits.read.liabilityOf([atFloor + 1n])).toBe(liabilityFloor + 10n)
})
