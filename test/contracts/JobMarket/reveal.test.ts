import { getAddress, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  commitSalt,
  deployMarket,
  evidenceHash,
  type MarketFixture,
  output,
  parameters,
  reachFinality,
  reachSlot,
  readAnswer,
  requestJob,
  type SealedJob,
  sealJob,
  stake,
} from './fixtures.ts'

const status = { open: 1, answered: 3 }
const otherSalt = keccak256(toHex('other salt'))

function reveal({ market }: MarketFixture, { job, operator }: SealedJob) {
  const args = [job, operator, output, evidenceHash, commitSalt] as const
  return market.write.reveal(args, { account: operator })
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, model } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))

  const answered = await readAnswer(fixture, sealed, await reveal(fixture, sealed))

  expect(answered.operator).toBe(getAddress(operator))
  expect(answered.claim).toMatchObject({ outputHash: keccak256(output), evidenceHash })
  expect(await market.read.statusOf([sealed.id])).toBe(status.answered)
  // The bond made room for the reservation of the answer.
  expect(await market.read.reservedOf([model, operator])).toBe(answered.settlement.reserved)
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  expect(await market.read.reservedOf([model, operator])).toBe(0n)
})

test('behavior: the fee stops rising when the seat is taken', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const { job, seatUntil } = sealed
  const fee = await market.read.feeAt([job, seatUntil - BigInt(parameters.seatSeconds)])
  await networkHelpers.time.setNextBlockTimestamp(seatUntil - 1n)

  const { settlement } = await readAnswer(fixture, sealed, await reveal(fixture, sealed))

  expect(settlement.fee + settlement.protocolFee).toBe(fee)
})

test('behavior: counts from its own time for the challenge window', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const sealed = await sealJob(fixture, await requestJob(fixture))
  await networkHelpers.time.setNextBlockTimestamp(sealed.seatUntil - 1n)

  const { settlement } = await readAnswer(fixture, sealed, await reveal(fixture, sealed))

  const window = BigInt(sealed.job.challengeWindow)
  expect(settlement.challengeUntil).toBe(sealed.seatUntil - 1n + window)
})

test('error: the seat is lost on its last second, whatever is revealed', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const { id, seatUntil } = sealed
  await networkHelpers.time.setNextBlockTimestamp(seatUntil)

  await viem.assertions.revertWithCustomErrorWithArgs(
    reveal(fixture, sealed),
    fixture.market,
    'SeatLost',
    [id, seatUntil, seatUntil],
  )
})

test('error: anything else than was sealed', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const { job, id } = await sealJob(fixture, await requestJob(fixture))
  const wrongs = [
    ['0x00', evidenceHash, commitSalt],
    [output, keccak256(output), commitSalt],
    [output, evidenceHash, otherSalt],
  ] as const

  for (const [bytes, evidence, salt] of wrongs) {
    const given = await market.read.commitmentOf([id, operator, keccak256(bytes), evidence, salt])
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.reveal([job, operator, bytes, evidence, salt], { account: operator }),
      market,
      'CommitmentMismatch',
      [id, given],
    )
  }
})

test('error: a job without a seat', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const open = await requestJob(fixture)
  const answered = await answerJob(fixture, await requestJob(fixture))

  for (const [{ job, id }, code] of [
    [open, status.open],
    [answered, status.answered],
  ] as const) {
    const args = [job, operator, output, evidenceHash, commitSalt] as const
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.reveal(args, { account: operator }),
      market,
      'JobNotOpen',
      [id, code],
    )
  }
})

test('behavior: the bond makes room for the reservation', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, rival, model, verifier } = fixture
  await staking.write.thaw([market.address, model, stake - dollars(16)], { account: operator })
  await staking.write.thaw([market.address, model, stake], { account: rival })
  const fee = { feeMin: dollars(4), challengeWindow: 600 }
  const other = await requestJob(fixture, fee)
  await networkHelpers.time.setNextBlockTimestamp(other.requestedAt + 20n)
  const answer = [other.job, operator, output, evidenceHash] as const
  const hash = await market.write.answer(answer, { account: operator })
  const wrong = await readAnswer(fixture, other, hash)
  const sealed = await sealJob(fixture, await requestJob(fixture, { feeMin: dollars(4) }))
  await verifier.write.refute([market.address, wrong.context])

  // Eight dollars are left, all of them free but for the bond, and all of them needed: just enough.
  await reveal(fixture, sealed)

  expect(await market.read.reservedOf([model, operator])).toBe(dollars(8))
})

test('attack 5: a sealed answer that is copied from the reveal is worthless', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival } = fixture
  const { job, id } = await sealJob(fixture, await requestJob(fixture))
  await networkHelpers.time.increase(2)
  const account = { account: rival }

  // In the copier's own name: it has no seat.
  const own = await market.read.commitmentOf([
    id,
    rival,
    keccak256(output),
    evidenceHash,
    commitSalt,
  ])
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.reveal([job, rival, output, evidenceHash, commitSalt], account),
    market,
    'CommitmentMismatch',
    [id, own],
  )
  // In the holder's name: it does not act for it.
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.reveal([job, operator, output, evidenceHash, commitSalt], account),
    market,
    'NotOperator',
    [getAddress(rival), getAddress(operator)],
  )
})

test('attack 6: a copied commitment can not be opened by the copier', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival } = fixture
  const { job, id } = await requestJob(fixture)
  const sealed = [keccak256(output), evidenceHash, commitSalt] as const
  const copied = await market.read.commitmentOf([id, operator, ...sealed])
  await reachSlot(fixture, job, rival)
  await market.write.commit([job, rival, copied], { account: rival })

  const own = await market.read.commitmentOf([id, rival, ...sealed])
  // Even once it learns what was sealed: its own name is part of what it would have to have sealed.
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.reveal([job, rival, output, evidenceHash, commitSalt], { account: rival }),
    market,
    'CommitmentMismatch',
    [id, own],
  )
})
