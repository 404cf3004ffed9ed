import { getAddress, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { answerJob, deployAnswered, requestJob } from '../JobMarket/fixtures.ts'
import {
  type AuditsFixture,
  answerAudited,
  auditorStake,
  auditStatus,
  challengeWindow,
  confirmAudit,
  confirmWindow,
  deployAudits,
  deployConfirmed,
  deployOpened,
  hardlyEver,
  liability,
  orderAudit,
  reachAuditSlot,
  refute,
} from './fixtures.ts'

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, staking, auditor, model } = fixture
  const { id, order, answered, seedBlock, openedAt } = await deployOpened(fixture)
  await reachAuditSlot(fixture, order, auditor)

  await viem.assertions.emitWithArgs(
    audits.write.confirm([order, auditor, answered.context], { account: auditor }),
    audits,
    'AuditConfirmed',
    [id, getAddress(auditor), liability],
  )
  expect(await audits.read.auditOf([id])).toEqual({
    status: auditStatus.confirmed,
    since: Number(openedAt),
    seedBlock: Number(seedBlock),
    auditor: getAddress(auditor),
  })
  expect(await audits.read.reservedOf([model, auditor])).toBe(liability)
  expect(await staking.read.allocationOf([audits.address, model, auditor])).toMatchObject({
    active: auditorStake,
  })
})

test('behavior: the registered signer confirms, and nobody else', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, staking, auditor, otherAuditor, publisher } = fixture
  const record = { signer: publisher, payout: zeroAddress, encryptionKey: zeroHash, endpoint: '' }
  await staking.write.register([record], { account: auditor })
  const { id, order, answered } = await deployOpened(fixture)
  await reachAuditSlot(fixture, order, auditor)

  const args = [order, auditor, answered.context] as const
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm(args, { account: otherAuditor }),
    audits,
    'NotAuditor',
    [getAddress(otherAuditor), getAddress(auditor)],
  )
  await audits.write.confirm(args, { account: publisher })
  expect(await audits.read.auditOf([id])).toMatchObject({ auditor: getAddress(auditor) })
})

test('error: nobody is no auditor', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const { order, answered } = await deployOpened(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([order, zeroAddress, answered.context], { account: auditor }),
    audits,
    'NotAuditor',
    [getAddress(auditor), zeroAddress],
  )
})

/** Of many audits of one answer, one in which the small auditor's slot is still to come. */
async function openWithLateSlot(fixture: AuditsFixture) {
  const { audits, smallAuditor } = fixture
  const job = await requestJob(fixture, { challengeWindow })
  const ordered = []
  for (let i = 1n; i <= 15n; i++) ordered.push(await orderAudit(fixture, job.id, { reward: i }))
  const answered = await answerJob(fixture, job)
  for (const { order } of ordered) await audits.write.open([order, answered.context])
  await networkHelpers.mine(2)

  const now = BigInt(await networkHelpers.time.latest())
  for (const { order, id } of ordered) {
    const opensAt = await audits.read.slotOf([order, smallAuditor])
    const { since } = await audits.read.auditOf([id])
    const isWithin = opensAt > now + 1n && opensAt < BigInt(since + confirmWindow)
    if (isWithin) return { order, id, answered, opensAt }
  }
  return expect.unreachable()
}

test('behavior: from its slot on, and not a second before', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, smallAuditor } = fixture
  const { order, id, answered, opensAt } = await openWithLateSlot(fixture)

  const args = [order, smallAuditor, answered.context] as const
  await networkHelpers.time.setNextBlockTimestamp(opensAt - 1n)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm(args, { account: smallAuditor }),
    audits,
    'AuditSlotNotOpen',
    [id, getAddress(smallAuditor), opensAt, opensAt - 1n],
  )
  await networkHelpers.time.setNextBlockTimestamp(opensAt)
  await audits.write.confirm(args, { account: smallAuditor })
})

test('behavior: until the window ends, and no second longer', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const job = await requestJob(fixture, { challengeWindow })
  const early = await orderAudit(fixture, job.id)
  const late = await orderAudit(fixture, job.id, { ratePpm: 999_999 })
  const { context } = await answerJob(fixture, job)
  for (const { order } of [early, late]) await audits.write.open([order, context])
  const { since } = await audits.read.auditOf([late.id])
  const { since: earlySince } = await audits.read.auditOf([early.id])
  const [confirmUntil, earlyUntil] = [since, earlySince].map((at) => BigInt(at + confirmWindow))
  await networkHelpers.mine()

  await networkHelpers.time.setNextBlockTimestamp(earlyUntil! - 1n)
  await audits.write.confirm([early.order, auditor, context], { account: auditor })
  await networkHelpers.time.setNextBlockTimestamp(confirmUntil!)
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([late.order, auditor, context], { account: auditor }),
    audits,
    'TooLateToConfirm',
    [late.id, confirmUntil!, confirmUntil!],
  )
})

test('error: not opened, or confirmed before', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor, otherAuditor } = fixture
  const ordered = await answerAudited(fixture)
  const confirmed = await deployConfirmed(fixture)

  for (const [{ id, order, answered }, status] of [
    [ordered, auditStatus.ordered],
    [confirmed, auditStatus.confirmed],
  ] as const) {
    for (const account of [auditor, otherAuditor]) {
      await viem.assertions.revertWithCustomErrorWithArgs(
        audits.write.confirm([order, account, answered.context], { account }),
        audits,
        'AuditNotOpened',
        [id, status],
      )
    }
  }
})

test('error: not drawn', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const { id, order, answered } = await deployOpened(fixture, { ratePpm: hardlyEver })

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([order, auditor, answered.context], { account: auditor }),
    audits,
    'NotDrawn',
    [id],
  )
})

test('error: too little stake for the liability', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  // Ten times the reward is reserved.
  const whole = auditorStake / 10n
  const tooMuch = await deployOpened(fixture, { reward: whole + 1n })
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([tooMuch.order, auditor, tooMuch.answered.context], { account: auditor }),
    audits,
    'InsufficientAuditorStake',
    [getAddress(auditor), auditorStake, 0n, auditorStake + 10n],
  )

  const all = await deployOpened(fixture, { reward: whole })
  await confirmAudit(fixture, all)
  const more = await deployOpened(fixture, { reward: 1n })
  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([more.order, auditor, more.answered.context], { account: auditor }),
    audits,
    'InsufficientAuditorStake',
    [getAddress(auditor), auditorStake, auditorStake, dollars(5)],
  )
})

test('error: the answer of another job', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const other = await deployAnswered(fixture, { challengeWindow })
  const { order } = await deployOpened(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([order, auditor, other.context], { account: auditor }),
    audits,
    'JobMismatch',
    [other.id, order.jobId],
  )
})

test('error: the answer is refuted', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, auditor } = fixture
  const { order, answered } = await deployOpened(fixture)
  await refute(fixture, answered.context)

  await viem.assertions.revertWithCustomError(
    audits.write.confirm([order, auditor, answered.context], { account: auditor }),
    market,
    'NotAnswered',
  )
})
