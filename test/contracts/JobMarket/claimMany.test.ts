import { type Hash, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  type AnsweredJob,
  answerJob,
  deployAnswered,
  deployMarket,
  type MarketFixture,
  requestJob,
} from './fixtures.ts'

async function claimMany({ market }: MarketFixture, jobs: AnsweredJob[], ids?: Hash[]) {
  const args = [ids ?? jobs.map(({ id }) => id), jobs.map(({ settlement }) => settlement)] as const
  const { result } = await market.simulate.claimMany(args)
  await market.write.claimMany(args)
  return result
}

async function isSettled({ market }: MarketFixture, jobs: AnsweredJob[]) {
  return Promise.all(jobs.map(({ id }) => market.read.isSettled([id])))
}

function sum(jobs: AnsweredJob[], key: 'fee' | 'protocolFee' | 'escrowed') {
  return jobs.reduce((total, { settlement }) => total + settlement[key], 0n)
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator, model } = fixture
  const jobs = [await deployAnswered(fixture), await deployAnswered(fixture)]
  await networkHelpers.time.increase(100)

  expect(await claimMany(fixture, jobs)).toBe(2n)

  expect(await isSettled(fixture, jobs)).toEqual([true, true])
  const [earned, protocolFee] = [sum(jobs, 'fee'), sum(jobs, 'protocolFee')]
  const exposure = { reserved: 0n, earned, protocolFee }
  expect(await market.read.exposureOf([model, operator])).toEqual(exposure)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(
    dollars(5000) - earned - protocolFee,
  )
})

test('behavior: payers and operators that take turns are each credited in full', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator, rival, model } = fixture
  await escrow.write.deposit([operator, market.address, dollars(100)], { account: operator })
  const jobs: AnsweredJob[] = []
  for (const [from, by] of [
    [payer, operator],
    [operator, rival],
    [payer, rival],
    [payer, operator],
    [operator, operator],
  ] as const) {
    jobs.push(await answerJob(fixture, await requestJob(fixture, { payer: from }), by))
  }
  await networkHelpers.time.increase(100)

  expect(await claimMany(fixture, jobs)).toBe(5n)

  for (const account of [operator, rival]) {
    const own = jobs.filter((job) => job.operator.toLowerCase() === account.toLowerCase())
    expect(await market.read.exposureOf([model, account])).toEqual({
      reserved: 0n,
      earned: sum(own, 'fee'),
      protocolFee: sum(own, 'protocolFee'),
    })
  }
  for (const [account, deposited] of [
    [payer, dollars(5000)],
    [operator, dollars(100)],
  ] as const) {
    const own = jobs.filter(({ job }) => job.payer === account)
    expect(await escrow.read.balanceOf([account, market.address])).toBe(
      deposited - sum(own, 'fee') - sum(own, 'protocolFee'),
    )
  }
})

test('behavior: what cannot be settled is skipped and blocks nobody', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator, model } = fixture
  const good = [await deployAnswered(fixture), await deployAnswered(fixture)]
  const refuted = await deployAnswered(fixture)
  await verifier.write.refute([market.address, refuted.context])
  const challenged = await deployAnswered(fixture)
  await verifier.write.suspend([market.address, challenged.context])
  const settled = await deployAnswered(fixture)
  const running = await deployAnswered(fixture, { challengeWindow: 600 })
  await networkHelpers.time.increase(100)
  await market.write.claim([settled.id, settled.settlement])
  const wrong = { ...good[0]!, settlement: good[1]!.settlement }
  const unknown = { ...good[0]!, id: zeroHash }

  const all = [wrong, refuted, good[0]!, unknown, challenged, settled, good[1]!, running]
  expect(await claimMany(fixture, all)).toBe(2n)

  expect(await isSettled(fixture, [...good, refuted, challenged, running])).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  const { reserved, earned } = await market.read.exposureOf([model, operator])
  expect(earned).toBe(sum([...good, settled], 'fee'))
  expect(reserved).toBe(challenged.settlement.reserved + running.settlement.reserved)
})

test('behavior: the same job twice in a list is settled once', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, model } = fixture
  const job = await deployAnswered(fixture)
  await networkHelpers.time.increase(100)

  expect(await claimMany(fixture, [job, job, job])).toBe(1n)

  const { earned } = await market.read.exposureOf([model, operator])
  expect(earned).toBe(job.settlement.fee)
})

test('behavior: an empty list settles nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)

  expect(await claimMany(fixture, [])).toBe(0n)
})

test('error: lists of different lengths', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { id, settlement } = await deployAnswered(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claimMany([[id, id], [settlement]]),
    market,
    'LengthMismatch',
    [2n, 1n],
  )
})

test('attack 26: fifty jobs fit many times into a transaction', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const jobs: AnsweredJob[] = []
  for (let i = 0; i < 50; i++) jobs.push(await deployAnswered(fixture))
  await networkHelpers.time.increase(100)
  const args = [jobs.map(({ id }) => id), jobs.map(({ settlement }) => settlement)] as const

  const hash = await fixture.market.write.claimMany(args, { gas: 2n ** 24n / 16n })

  const { status } = await fixture.publicClient.getTransactionReceipt({ hash })
  expect(status).toBe('success')
  expect((await isSettled(fixture, jobs)).every(Boolean)).toBe(true)
})
