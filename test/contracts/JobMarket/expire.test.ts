import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { answerJob, createJob, deployMarket, requestJob, sealJob } from './fixtures.ts'

const status = { none: 0, open: 1, committed: 2, answered: 3, expired: 7 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, outsider } = fixture
  const { job, id } = await requestJob(fixture)
  await networkHelpers.time.setNextBlockTimestamp(job.deadline)

  await viem.assertions.emitWithArgs(
    market.write.expire([job], { account: outsider }),
    market,
    'JobExpired',
    [id, job.feeMax],
  )

  expect(await market.read.statusOf([id])).toBe(status.expired)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
})

test('error: a second before the deadline', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { job, id } = await requestJob(fixture)
  await networkHelpers.time.setNextBlockTimestamp(job.deadline - 1n)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.expire([job]),
    market,
    'DeadlineNotReached',
    [id, job.deadline, job.deadline - 1n],
  )
})

test('error: a job that nobody requested, or another preimage', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { job } = await requestJob(fixture)
  const other = { ...(await createJob(fixture)), deadline: job.deadline }
  const altered = { ...job, feeMax: job.feeMax * 2n }
  await networkHelpers.time.setNextBlockTimestamp(job.deadline)

  for (const wrong of [other, altered]) {
    const id = await market.read.jobId([wrong])
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.expire([wrong]),
      market,
      'JobNotOpen',
      [id, status.none],
    )
  }
})

test('error: twice', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer } = fixture
  const { job, id } = await requestJob(fixture)
  await networkHelpers.time.increaseTo(job.deadline)
  await market.write.expire([job])

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.expire([job]),
    market,
    'JobNotOpen',
    [id, status.expired],
  )
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
})

test('error: an answered job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { job, id } = await answerJob(fixture, await requestJob(fixture, { challengeWindow: 600 }))
  await networkHelpers.time.increaseTo(job.deadline)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.expire([job]),
    market,
    'JobNotOpen',
    [id, status.answered],
  )
})

test('behavior: a seat that was never used is forfeited first, then the job expires', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, outsider } = fixture
  const sealed = await sealJob(fixture, await requestJob(fixture))
  const { job, id, operator, commitment } = sealed
  await networkHelpers.time.increaseTo(job.deadline)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.expire([job]),
    market,
    'JobNotOpen',
    [id, status.committed],
  )
  await market.write.forfeit([job, operator, commitment], { account: outsider })
  await market.write.expire([job], { account: outsider })

  expect(await market.read.statusOf([id])).toBe(status.expired)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
})
