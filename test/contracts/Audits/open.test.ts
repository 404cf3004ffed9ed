import { encodeContext } from '@assay/protocol'
import { keccak256, toHex, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { answerJob, deployAnswered, requestJob } from '../JobMarket/fixtures.ts'
import {
  answerAudited,
  auditStatus,
  challengeWindow,
  confirmWindow,
  deployAudits,
  deployOpened,
  orderAudit,
  reachFinality,
  refute,
} from './fixtures.ts'

test('default: anybody opens, and the next block draws', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, refuter, publicClient } = fixture
  const { id, order, answered } = await answerAudited(fixture)
  const openedAt = BigInt(await networkHelpers.time.latest()) + 1n
  const seedBlock = (await publicClient.getBlockNumber()) + 2n
  await networkHelpers.time.setNextBlockTimestamp(openedAt)

  await viem.assertions.emitWithArgs(
    audits.write.open([order, answered.context], { account: refuter }),
    audits,
    'AuditOpened',
    [id, await market.read.claimId([answered.claim]), seedBlock, openedAt + BigInt(confirmWindow)],
  )
  expect(await audits.read.auditOf([id])).toEqual({
    status: auditStatus.opened,
    since: Number(openedAt),
    seedBlock: Number(seedBlock),
    auditor: zeroAddress,
  })
})

test('behavior: as late as leaves two windows, and no later', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const { answered, early, late } = await twoAudits(fixture)
  const openUntil = answered.settlement.challengeUntil - 2n * BigInt(confirmWindow)

  await networkHelpers.time.setNextBlockTimestamp(openUntil - 1n)
  await audits.write.open([early.order, answered.context])
  await networkHelpers.time.setNextBlockTimestamp(openUntil)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([late.order, answered.context]),
    audits,
    'TooLateToOpen',
    [late.id, openUntil, openUntil],
  )
})

/** An answered job with two audits of it. */
async function twoAudits(fixture: Awaited<ReturnType<typeof deployAudits>>) {
  const job = await requestJob(fixture, { challengeWindow })
  const early = await orderAudit(fixture, job.id)
  const late = await orderAudit(fixture, job.id, { ratePpm: 1 })
  return { answered: await answerJob(fixture, job), early, late }
}

test('error: never ordered, or opened before', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const { id, order, answered } = await deployOpened(fixture)
  const unknown = { ...order, ratePpm: order.ratePpm - 1 }

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([unknown, answered.context]),
    audits,
    'AuditNotOrdered',
    [await audits.read.auditId([unknown]), auditStatus.none],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([order, answered.context]),
    audits,
    'AuditNotOrdered',
    [id, auditStatus.opened],
  )
})

test('error: the answer of another job', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const { order } = await answerAudited(fixture)
  const other = await deployAnswered(fixture, { challengeWindow })

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([order, other.context]),
    audits,
    'JobMismatch',
    [other.id, order.jobId],
  )
})

test('error: a model that is not the job’s', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, model } = fixture
  const other = keccak256(toHex('other model'))
  const { order, answered } = await answerAudited(fixture, { model: other })

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([order, answered.context]),
    audits,
    'ModelMismatch',
    [model, other],
  )
})

test('error: a claim that the market does not hold', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const { order, answered } = await answerAudited(fixture)
  const { settlement, claim } = answered
  const context = encodeContext({ settlement, claim: { ...claim, evidenceHash: keccak256('0x') } })

  await viem.assertions.revertWithCustomError(
    audits.write.open([order, context]),
    market,
    'ClaimMismatch',
  )
})

test('error: the answer is final', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const { order, answered } = await answerAudited(fixture)
  const finalAt = await market.read.finalAt([answered.id])
  await reachFinality(fixture, answered.id)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([order, answered.context]),
    market,
    'AlreadyFinal',
    [answered.id, finalAt],
  )
})

test('error: the answer is refuted', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const { order, answered } = await answerAudited(fixture)
  await refute(fixture, answered.context)

  await viem.assertions.revertWithCustomError(
    audits.write.open([order, answered.context]),
    market,
    'NotAnswered',
  )
})
