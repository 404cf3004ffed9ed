import { getAddress, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, rewardPpm, viem } from '../fixtures.ts'
import {
  answerJob,
  deployMarket,
  evidenceHash,
  output,
  reachSlot,
  readAnswer,
  requestJob,
  sealJob,
  stake,
} from './fixtures.ts'

const status = { open: 1, committed: 2, answered: 3 }
const bond = dollars(0.8)

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, outsider, model } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const { job, id, commitment, seatUntil } = sealed
  await networkHelpers.time.setNextBlockTimestamp(seatUntil)

  await viem.assertions.emitWithArgs(
    market.write.forfeit([job, operator, commitment], { account: outsider }),
    market,
    'SeatForfeited',
    [id, getAddress(operator), bond, bond],
  )

  expect(await market.read.statusOf([id])).toBe(status.open)
  expect(await market.read.reservedOf([model, operator])).toBe(0n)
  const { active } = await staking.read.allocationOf([market.address, model, operator])
  expect(active).toBe(stake - bond)
  expect(await staking.read.rewardOf([outsider])).toBe((bond * rewardPpm) / 1_000_000n)
})

test('behavior: the job goes on where it was, at the fee of its own clock', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, rival } = fixture
  const requested = await requestJob(fixture)
  const { job, id, requestedAt } = requested
  const slotBefore = await market.read.slotOf([job, rival], { blockTag: 'pending' })
  const { operator, commitment, seatUntil } = await sealJob(fixture, requested)
  await networkHelpers.time.increaseTo(seatUntil)
  await market.write.forfeit([job, operator, commitment])

  expect(await market.read.feeAt([job, requestedAt + 7n])).toBe(dollars(2.7))
  // The slashed bond only makes the rival's part of all stake larger.
  expect(await market.read.slotOf([job, rival])).toBeLessThanOrEqual(slotBefore)
  await reachSlot(fixture, job, rival)
  const answer = [job, rival, output, evidenceHash] as const
  const hash = await market.write.answer(answer, { account: rival })
  const { settlement } = await readAnswer(fixture, requested, hash)
  const answeredAt = BigInt(await networkHelpers.time.latest())
  const elapsed = answeredAt - requestedAt
  expect(settlement.fee + settlement.protocolFee).toBe(
    elapsed < 20n ? dollars(2) + (dollars(2) * elapsed) / 20n : dollars(4),
  )
  expect(await market.read.statusOf([id])).toBe(status.answered)
})

test('error: a second before the seat ends', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const { job, id, commitment, seatUntil } = await sealJob(fixture, await requestJob(fixture))
  await networkHelpers.time.setNextBlockTimestamp(seatUntil - 1n)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.forfeit([job, operator, commitment]),
    market,
    'SeatNotExpired',
    [id, seatUntil, seatUntil - 1n],
  )
})

test('error: another operator than the holder, or another commitment', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival } = fixture
  const { job, id, commitment, seatUntil } = await sealJob(fixture, await requestJob(fixture))
  await networkHelpers.time.increaseTo(seatUntil)
  const other = keccak256(toHex('other'))

  for (const [account, given] of [
    [rival, commitment],
    [operator, other],
  ] as const) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.forfeit([job, account, given]),
      market,
      'CommitmentMismatch',
      [id, given],
    )
  }
})

test('error: twice, and of a job without a seat', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))
  await networkHelpers.time.increaseTo(sealed.seatUntil)
  await market.write.forfeit([sealed.job, operator, sealed.commitment])
  const answered = await answerJob(fixture, await requestJob(fixture))

  for (const [{ job, id }, code] of [
    [sealed, status.open],
    [answered, status.answered],
  ] as const) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.forfeit([job, operator, sealed.commitment]),
      market,
      'JobNotOpen',
      [id, code],
    )
  }
})

test('attack 11: a bond that is no longer there can not keep the seat', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, model, rival, verifier } = fixture
  // All the stake that is not reserved leaves; a refuted claim takes what the commit did not reserve.
  const wrong = await answerJob(fixture, await requestJob(fixture, { challengeWindow: 600 }))
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const reserved = await market.read.reservedOf([model, operator])
  await staking.write.thaw([market.address, model, stake - reserved], { account: operator })
  await verifier.write.refute([market.address, wrong.context])
  await networkHelpers.time.increaseTo(sealed.seatUntil)

  await market.write.forfeit([sealed.job, operator, sealed.commitment], { account: rival })

  expect(await market.read.statusOf([sealed.id])).toBe(status.open)
  expect(await market.read.reservedOf([model, operator])).toBe(0n)
  const left = await staking.read.allocationOf([market.address, model, operator])
  expect(left.active).toBe(0n)
})
