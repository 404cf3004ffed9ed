import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployAnswered, deployMarket, reachFinality, requestJob, sealJob } from './fixtures.ts'

const status = { none: 0, open: 1, committed: 2, answered: 3, challenged: 4, final: 5, refuted: 6 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator, model, outsider } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  const { fee, protocolFee } = settlement
  const refund = dollars(4) - fee - protocolFee
  await reachFinality(fixture, { id })

  await viem.assertions.emitWithArgs(
    market.write.claim([id, settlement], { account: outsider }),
    market,
    'JobSettled',
    [id, getAddress(operator), fee, refund],
  )

  expect(await market.read.statusOf([id])).toBe(status.final)
  expect(await market.read.isSettled([id])).toBe(true)
  const exposure = { reserved: 0n, earned: fee, protocolFee }
  expect(await market.read.exposureOf([model, operator])).toEqual(exposure)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(4996) + refund)
})

test('behavior: what went in comes out', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, token, admin, payer, operator, model } = fixture
  const before = await token.read.balanceOf([operator])
  const { id, settlement } = await deployAnswered(fixture)
  await reachFinality(fixture, { id })
  await market.write.claim([id, settlement])
  await market.write.collect([operator, [model]])
  await market.write.collectProtocolFees([admin], { account: admin })

  const paid = (await token.read.balanceOf([operator])) - before
  const kept = await token.read.balanceOf([admin])
  const balance = await escrow.read.balanceOf([payer, market.address])
  expect(paid).toBe(settlement.fee)
  expect(kept).toBe(settlement.protocolFee)
  expect(balance + paid + kept).toBe(dollars(5000))
  expect(await escrow.read.poolOf([market.address])).toBe(balance)
})

test('behavior: an answer at the highest fee returns nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer } = fixture
  const { id, settlement } = await deployAnswered(fixture, { feeMin: dollars(4) })
  await reachFinality(fixture, { id })
  await market.write.claim([id, settlement])

  expect(settlement.fee + settlement.protocolFee).toBe(dollars(4))
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(4996))
})

test('error: a second before finality, although on its second it is final', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  const { challengeUntil } = settlement
  await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claim([id, settlement]),
    market,
    'NotFinal',
    [id, status.answered, challengeUntil, challengeUntil - 1n],
  )
  expect(await market.read.statusOf([id], { blockTag: 'pending' })).toBe(status.answered)

  await networkHelpers.time.setNextBlockTimestamp(challengeUntil)
  expect(await market.read.statusOf([id], { blockTag: 'pending' })).toBe(status.final)
  await market.write.claim([id, settlement])
  expect(await market.read.isSettled([id])).toBe(true)
})

test('behavior: can be claimed long after, too', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  await networkHelpers.time.increase(10 * 365 * 86_400)
  await market.write.claim([id, settlement])

  expect(await market.read.isSettled([id])).toBe(true)
})

test('error: twice', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  await reachFinality(fixture, { id })
  await market.write.claim([id, settlement])

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claim([id, settlement]),
    market,
    'AlreadySettled',
    [id],
  )
})

test('error: a refuted, a challenged, an open, a committed, an unknown job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const refuted = await deployAnswered(fixture)
  await verifier.write.refute([market.address, refuted.context])
  const challenged = await deployAnswered(fixture)
  await verifier.write.suspend([market.address, challenged.context])
  const open = await requestJob(fixture)
  const committed = await sealJob(fixture, await requestJob(fixture))
  const now = challenged.settlement.challengeUntil + 1n
  const { settlement } = challenged

  for (const [id, code] of [
    [refuted.id, status.refuted],
    [open.id, status.open],
    [committed.id, status.committed],
    [refuted.job.salt, status.none],
  ] as const) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.claim([id, settlement]),
      market,
      'NotAnswered',
      [id, code],
    )
  }
  await networkHelpers.time.setNextBlockTimestamp(now)
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claim([challenged.id, settlement]),
    market,
    'NotFinal',
    [challenged.id, status.challenged, settlement.challengeUntil, now],
  )
})

test('error: wrong preimage of a settlement', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, rival } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  const other = await deployAnswered(fixture)
  await networkHelpers.time.increase(100)
  const wrongs = [
    { ...settlement, operator: rival },
    { ...settlement, payer: rival },
    { ...settlement, fee: settlement.fee + 1n },
    { ...settlement, escrowed: settlement.escrowed + 1n },
    { ...settlement, reserved: 0n },
    { ...settlement, verifier: zeroAddress },
    { ...settlement, challengeUntil: 0n },
    other.settlement,
  ]

  for (const wrong of wrongs) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.claim([id, wrong]),
      market,
      'SettlementMismatch',
      [id],
    )
  }
})
