import { getAddress, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { createJob, maxAnswerWindow } from '../JobMarket/fixtures.ts'
import {
  type AuditsFixture,
  answerAudited,
  auditorStake,
  auditStatus,
  budget,
  challengeWindow,
  confirmWindow,
  deployAudits,
  deployConfirmed,
  deployOpened,
  hardlyEver,
  liability,
  type Ordered,
  orderAudit,
  reachFinality,
  refute,
  requestAudited,
  reward,
} from './fixtures.ts'

const jobStatus = { open: 1, answered: 3, challenged: 4, final: 5 }

/** Settles, and checks that whoever ordered has everything back. */
async function expectReturned(fixture: AuditsFixture, { order, id }: Ordered) {
  const { audits, escrow, payer, refuter } = fixture
  await viem.assertions.emitWithArgs(
    audits.write.settle([order], { account: refuter }),
    audits,
    'AuditReturned',
    [id, getAddress(payer), reward],
  )
  expect(await audits.read.auditOf([id])).toMatchObject({ status: auditStatus.returned })
  expect(await escrow.read.balanceOf([payer, audits.address])).toBe(budget)
  expect(await escrow.read.poolOf([audits.address])).toBe(budget)
}

test('default: who confirmed a final answer is paid, and can withdraw', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, token, auditor, model, payer, outsider } = fixture
  const { id, order } = await deployConfirmed(fixture)
  await reachFinality(fixture, order.jobId)

  await viem.assertions.emitWithArgs(
    audits.write.settle([order], { account: outsider }),
    audits,
    'AuditPaid',
    [id, getAddress(auditor), getAddress(auditor), reward],
  )
  expect(await audits.read.auditOf([id])).toMatchObject({ status: auditStatus.paid })
  expect(await audits.read.reservedOf([model, auditor])).toBe(0n)
  expect(await escrow.read.balanceOf([payer, audits.address])).toBe(budget - reward)
  expect(await escrow.read.balanceOf([auditor, audits.address])).toBe(reward)
  const before = await token.read.balanceOf([auditor])
  await escrow.write.withdraw([audits.address, reward, auditor], { account: auditor })
  expect(await token.read.balanceOf([auditor])).toBe(before + reward)
})

test('behavior: the reward goes to the payout address', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, staking, auditor, publisher } = fixture
  const record = { signer: zeroAddress, payout: publisher, encryptionKey: zeroHash, endpoint: '' }
  await staking.write.register([record], { account: auditor })
  const { id, order } = await deployConfirmed(fixture)
  await reachFinality(fixture, order.jobId)

  await viem.assertions.emitWithArgs(audits.write.settle([order]), audits, 'AuditPaid', [
    id,
    getAddress(auditor),
    getAddress(publisher),
    reward,
  ])
  expect(await escrow.read.balanceOf([publisher, audits.address])).toBe(reward)
})

test('behavior: who confirmed a refuted answer is slashed', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, staking, auditor, model, payer, outsider } = fixture
  const { id, order, answered } = await deployConfirmed(fixture)
  await refute(fixture, answered.context)
  const unburned = await staking.read.unburned()

  await viem.assertions.emitWithArgs(
    audits.write.settle([order], { account: outsider }),
    audits,
    'AuditSlashed',
    [id, getAddress(auditor), getAddress(payer), liability, reward],
  )
  expect(await audits.read.auditOf([id])).toMatchObject({ status: auditStatus.slashed })
  expect(await audits.read.reservedOf([model, auditor])).toBe(0n)
  expect(await staking.read.allocationOf([audits.address, model, auditor])).toMatchObject({
    active: auditorStake - liability,
  })
  expect(await escrow.read.balanceOf([payer, audits.address])).toBe(budget)
  expect(await staking.read.unburned()).toBe(unburned + liability)
})

test('behavior: what is not drawn returns at once', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  await expectReturned(fixture, await deployOpened(fixture, { ratePpm: hardlyEver }))
})

test('behavior: what nobody confirmed returns when the window ends', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const opened = await deployOpened(fixture)
  const confirmUntil = opened.openedAt + BigInt(confirmWindow)

  await networkHelpers.time.setNextBlockTimestamp(confirmUntil - 1n)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([opened.order]),
    audits,
    'ConfirmationAwaited',
    [opened.id, confirmUntil, confirmUntil - 1n],
  )
  await networkHelpers.time.setNextBlockTimestamp(confirmUntil)
  await expectReturned(fixture, opened)
})

test('behavior: what was refuted before anybody confirmed returns at once', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const opened = await deployOpened(fixture)
  await refute(fixture, opened.answered.context)
  await expectReturned(fixture, opened)
})

test('behavior: a seed that is lost is not drawn again', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const opened = await deployOpened(fixture)
  await networkHelpers.mine(8_193, { interval: 0 })
  await networkHelpers.time.increaseTo(opened.openedAt + BigInt(confirmWindow))

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.open([opened.order, opened.answered.context]),
    audits,
    'AuditNotOrdered',
    [opened.id, auditStatus.opened],
  )
  await expectReturned(fixture, opened)
})

test('behavior: an audit that nobody opened returns once the answer is final', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const ordered = await answerAudited(fixture)
  const { jobId } = ordered.order
  const finalAt = await market.read.finalAt([jobId])

  await networkHelpers.time.setNextBlockTimestamp(finalAt - 1n)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([ordered.order]),
    audits,
    'JobUndecided',
    [jobId, jobStatus.answered],
  )
  await networkHelpers.time.setNextBlockTimestamp(finalAt)
  await expectReturned(fixture, ordered)
})

test('behavior: an audit that nobody opened returns once the answer is refuted', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const ordered = await answerAudited(fixture)
  await refute(fixture, ordered.answered.context)
  await expectReturned(fixture, ordered)
})

test('behavior: the audit of a job without an answer returns once it expired', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const ordered = await requestAudited(fixture)
  const { job, id: jobId } = ordered.requested
  await networkHelpers.time.increaseTo(job.deadline)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([ordered.order]),
    audits,
    'JobUndecided',
    [jobId, jobStatus.open],
  )
  await market.write.expire([job])
  await expectReturned(fixture, ordered)
})

test('behavior: the audit of a job that is never requested returns after the longest answer window', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market } = fixture
  const job = await createJob(fixture, { challengeWindow })
  const ordered = await orderAudit(fixture, await market.read.jobId([job]))
  const requestUntil = BigInt((await networkHelpers.time.latest()) + maxAnswerWindow)

  await networkHelpers.time.setNextBlockTimestamp(requestUntil - 1n)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([ordered.order]),
    audits,
    'JobStillAwaited',
    [ordered.id, requestUntil, requestUntil - 1n],
  )
  await networkHelpers.time.setNextBlockTimestamp(requestUntil)
  await expectReturned(fixture, ordered)
})

test('error: confirmed, and the job is undecided', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, verifier } = fixture
  const { order, answered } = await deployConfirmed(fixture)
  const settle = () => audits.write.settle([order])
  const finalAt = await market.read.finalAt([order.jobId])
  const undecided = (status: number) =>
    viem.assertions.revertWithCustomErrorWithArgs(settle(), audits, 'JobUndecided', [
      order.jobId,
      status,
    ])

  await networkHelpers.time.setNextBlockTimestamp(finalAt - 2n)
  await undecided(jobStatus.answered)
  await verifier.write.suspend([market.address, answered.context])
  await networkHelpers.time.setNextBlockTimestamp(finalAt)
  await undecided(jobStatus.challenged)
  await verifier.write.resume([market.address, answered.context, finalAt])
  await settle()
})

test('error: never ordered, or settled before', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits } = fixture
  const returned = await deployOpened(fixture, { ratePpm: hardlyEver })
  await audits.write.settle([returned.order])
  const paid = await deployConfirmed(fixture)
  await reachFinality(fixture, paid.order.jobId)
  await audits.write.settle([paid.order])
  const slashed = await deployConfirmed(fixture)
  await refute(fixture, slashed.answered.context)
  await audits.write.settle([slashed.order])
  const unknown = { ...paid.order, reward: reward + 1n }

  for (const [order, status] of [
    [returned.order, auditStatus.returned],
    [paid.order, auditStatus.paid],
    [slashed.order, auditStatus.slashed],
    [unknown, auditStatus.none],
  ] as const) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      audits.write.settle([order]),
      audits,
      'AuditNotPending',
      [await audits.read.auditId([order]), status],
    )
  }
})

test('error: opened, and the block that draws is not there', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, publicClient } = fixture
  const { id, order, answered } = await answerAudited(fixture)
  await audits.write.open([order, answered.context])
  const seedBlock = (await publicClient.getBlockNumber()) + 1n

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([order]),
    audits,
    'SeedNotReady',
    [id, seedBlock, seedBlock],
  )
})
