import { encodeAbiParameters, getAddress, keccak256, parseAbiParameters, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { answerJob, createJob, requestJob, sealJob } from '../JobMarket/fixtures.ts'
import {
  always,
  auditStatus,
  budget,
  challengeWindow,
  deployAudits,
  orderAudit,
  requestAudited,
  reward,
} from './fixtures.ts'

const jobStatus = { answered: 3, expired: 7 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, payer, model, publicClient } = fixture
  const { id: jobId } = await requestJob(fixture, { challengeWindow })
  const order = { jobId, model, orderer: payer, ratePpm: 50_000, reward }
  const id = await audits.read.auditId([order])

  await viem.assertions.emitWithArgs(
    audits.write.order([jobId, model, 50_000, reward], { account: payer }),
    audits,
    'AuditOrdered',
    [id, jobId, getAddress(payer), model, 50_000, reward],
  )
  expect(await audits.read.auditOf([id])).toEqual({
    status: auditStatus.ordered,
    since: await networkHelpers.time.latest(),
    seedBlock: 0,
    auditor: zeroAddress,
  })
  expect(await escrow.read.balanceOf([payer, audits.address])).toBe(budget - reward)
  expect(await escrow.read.poolOf([audits.address])).toBe(budget)

  const preimage = parseAbiParameters(
    'uint256, address, bytes32, bytes32, address, uint32, uint128',
  )
  const chainId = BigInt(await publicClient.getChainId())
  const words = [chainId, audits.address, jobId, model, payer, 50_000, reward] as const
  expect(id).toBe(keccak256(encodeAbiParameters(preimage, words)))
})

test('behavior: a job may be audited before it is requested, and while its seat is taken', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const job = await createJob(fixture, { challengeWindow })
  const early = await orderAudit(fixture, await market.read.jobId([job]))
  const sealed = await sealJob(fixture, await requestJob(fixture, { challengeWindow }))
  const late = await orderAudit(fixture, sealed.id)

  for (const { id } of [early, late]) {
    expect(await audits.read.auditOf([id])).toMatchObject({ status: auditStatus.ordered })
  }
})

test('error: an answer is there', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, payer, model } = fixture
  const { id } = await answerJob(fixture, await requestJob(fixture, { challengeWindow }))

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.order([id, model, always, reward], { account: payer }),
    audits,
    'TooLateToOrder',
    [id, jobStatus.answered],
  )
})

test('error: the job expired', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, payer, model } = fixture
  const { id, job } = await requestJob(fixture, { challengeWindow })
  await networkHelpers.time.increaseTo(job.deadline)
  await market.write.expire([job])

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.order([id, model, always, reward], { account: payer }),
    audits,
    'TooLateToOrder',
    [id, jobStatus.expired],
  )
})

test('error: no reward', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, payer, model } = fixture
  const { id } = await requestJob(fixture, { challengeWindow })

  await viem.assertions.revertWithCustomError(
    audits.write.order([id, model, always, 0n], { account: payer }),
    audits,
    'ZeroReward',
  )
  await orderAudit(fixture, id, { reward: 1n })
})

test('error: a rate that is no probability', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, payer, model } = fixture
  const { id } = await requestJob(fixture, { challengeWindow })

  for (const ratePpm of [0, 1_000_001]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      audits.write.order([id, model, ratePpm, reward], { account: payer }),
      audits,
      'RateOutOfRange',
      [ratePpm, 1, 1_000_000],
    )
  }
  for (const ratePpm of [1, 1_000_000]) await orderAudit(fixture, id, { ratePpm })
})

test('error: ordered before', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, payer } = fixture
  const { id, order } = await requestAudited(fixture)
  const { jobId, model, ratePpm } = order

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.order([jobId, model, ratePpm, reward], { account: payer }),
    audits,
    'AuditExists',
    [id],
  )
})

test('error: the escrow holds too little', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, payer, model } = fixture
  const { id } = await requestJob(fixture, { challengeWindow })

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.order([id, model, always, budget + 1n], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(audits.address), budget, budget + 1n],
  )
  await orderAudit(fixture, id, { reward: budget })
})

test('attack: a cheap order by a stranger does not keep the payer from ordering', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, rival } = fixture
  await escrow.write.deposit([rival, audits.address, dollars(1)], { account: rival })
  const { id: jobId } = await requestJob(fixture, { challengeWindow })
  const cheap = await orderAudit(fixture, jobId, { orderer: rival, ratePpm: 1, reward: 1n })
  const real = await orderAudit(fixture, jobId)

  expect(cheap.id).not.toBe(real.id)
  expect(await audits.read.auditOf([real.id])).toMatchObject({ status: auditStatus.ordered })
})
