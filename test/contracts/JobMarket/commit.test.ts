import { commitmentOf } from '@assay/protocol'
import { getAddress, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  commitSalt,
  deployMarket,
  evidenceHash,
  output,
  parameters,
  reachSlot,
  requestJob,
  sealJob,
  stake,
} from './fixtures.ts'

const status = { none: 0, committed: 2, answered: 3 }
const commitment = keccak256(toHex('anything'))
/** A tenth of what an answer at the highest fee, four dollars, would reserve. */
const bond = dollars(0.8)

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, model } = fixture
  const { job, id } = await requestJob(fixture)
  await reachSlot(fixture, job, operator)

  await viem.assertions.emitWithArgs(
    market.write.commit([job, operator, commitment], { account: operator }),
    market,
    'JobCommitted',
    [id, getAddress(operator), commitment, (seatUntil: bigint) => seatUntil > 0n, bond],
  )

  expect(await market.read.statusOf([id])).toBe(status.committed)
  expect(await market.read.reservedOf([model, operator])).toBe(bond)
})

test('behavior: the commitment is the one that the protocol package computes', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, publicClient } = fixture
  const { id } = await requestJob(fixture)
  const outputHash = keccak256(output)

  expect(await market.read.commitmentOf([id, operator, outputHash, evidenceHash, commitSalt])).toBe(
    commitmentOf({
      chainId: await publicClient.getChainId(),
      market: market.address,
      id,
      operator,
      outputHash,
      evidenceHash,
      salt: commitSalt,
    }),
  )
})

test('behavior: a seat ends at the deadline at the latest', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const { job } = await requestJob(fixture)
  await networkHelpers.time.setNextBlockTimestamp(job.deadline - 2n)
  await market.write.commit([job, operator, commitment], { account: operator })

  const [event] = await market.getEvents.JobCommitted()
  expect(event!.args.seatUntil).toBe(job.deadline)
})

test('error: the seat is taken, for answers too, until it is forfeited', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival, outsider } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const { job, id, seatUntil } = sealed
  const account = { account: rival }
  const answer = [job, rival, output, evidenceHash] as const

  for (const time of [seatUntil - 1n, seatUntil]) {
    await networkHelpers.time.setNextBlockTimestamp(time)
    for (const call of [
      () => market.write.commit([job, rival, commitment], account),
      () => market.write.answer(answer, account),
    ]) {
      await viem.assertions.revertWithCustomErrorWithArgs(call(), market, 'SeatTaken', [
        id,
        seatUntil,
      ])
    }
  }
  await market.write.forfeit([job, operator, sealed.commitment], { account: outsider })
  await reachSlot(fixture, job, rival)
  await market.write.answer(answer, account)
  expect(await market.read.statusOf([id])).toBe(status.answered)
})

test('error: an answered job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, rival } = fixture
  const { job, id } = await answerJob(fixture, await requestJob(fixture))

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.commit([job, rival, commitment], { account: rival }),
    market,
    'JobNotOpen',
    [id, status.answered],
  )
})

test('error: too early, too late, without stake, in the name of another', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, outsider } = fixture
  const { job, id, requestedAt } = await requestJob(fixture, { tau: 3600 })
  const opensAt = await market.read.slotOf([job, operator], { blockTag: 'pending' })
  const commit = [job, operator, commitment] as const

  if (opensAt > requestedAt + 2n) {
    await networkHelpers.time.setNextBlockTimestamp(requestedAt + 2n)
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.commit(commit, { account: operator }),
      market,
      'SlotNotOpen',
      [id, getAddress(operator), opensAt, requestedAt + 2n],
    )
  }
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.commit(commit, { account: outsider }),
    market,
    'NotOperator',
    [getAddress(outsider), getAddress(operator)],
  )
  await viem.assertions.revertWithCustomError(
    market.write.commit([job, outsider, commitment], { account: outsider }),
    market,
    'InsufficientStake',
  )
  await networkHelpers.time.setNextBlockTimestamp(job.deadline)
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.commit(commit, { account: operator }),
    market,
    'DeadlinePassed',
    [id, job.deadline, job.deadline],
  )
})

test('error: stake that covers the bond but not the answer', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, rival, model } = fixture
  await staking.write.thaw([market.address, model, stake - dollars(7)], { account: operator })
  await staking.write.thaw([market.address, model, stake], { account: rival })
  const { job } = await requestJob(fixture, { feeMin: dollars(4) })
  await networkHelpers.time.setNextBlockTimestamp(job.deadline - 1n)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.commit([job, operator, commitment], { account: operator }),
    market,
    'InsufficientStake',
    [getAddress(operator), dollars(7), 0n, dollars(8)],
  )
  expect(parameters.commitBondPpm).toBeLessThan(1_000_000)
})
