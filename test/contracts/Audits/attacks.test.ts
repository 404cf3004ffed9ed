/** Attacks that belong to no single function; the others are beside the function they aim at. */
import { getAddress, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, rewardPpm, viem } from '../fixtures.ts'
import { answerJob, requestJob } from '../JobMarket/fixtures.ts'
import {
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
  openAudit,
  orderAudit,
  reachAuditSlot,
  reachFinality,
  refute,
  reward,
} from './fixtures.ts'

/** The market's operator, with stake as an auditor of the same model. */
async function deployDoubleRole() {
  const fixture = await deployAudits()
  const { audits, staking, operator, model } = fixture
  await staking.write.deposit([operator, auditorStake], { account: operator })
  await staking.write.allocate([audits.address, model, auditorStake], { account: operator })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([audits.address, model, operator])
  return fixture
}

test('attack: an operator audits its own answer', async () => {
  const fixture = await networkHelpers.loadFixture(deployDoubleRole)
  const { audits, operator } = fixture
  const { id, order, answered } = await deployOpened(fixture)
  await reachAuditSlot(fixture, order, operator)

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([order, operator, answered.context], { account: operator }),
    audits,
    'OwnAnswer',
    [id, getAddress(operator)],
  )
})

test('attack: an operator opens in the block of its answer and still cannot know the draw', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, operator, publicClient } = fixture
  const audited = await answerAudited(fixture)
  await audits.write.open([audited.order, audited.answered.context], { account: operator })
  const openedIn = await publicClient.getBlockNumber()

  const { seedBlock } = await audits.read.auditOf([audited.id])
  expect(BigInt(seedBlock)).toBe(openedIn + 1n)
  await viem.assertions.revertWithCustomError(
    audits.read.isDrawn([audited.order]),
    audits,
    'SeedNotReady',
  )
})

test('attack: an auditor waits for others to look before it vouches', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, auditor } = fixture
  const { order, answered, openedAt } = await deployOpened(fixture)
  await networkHelpers.time.setNextBlockTimestamp(openedAt + BigInt(confirmWindow) - 1n)
  await audits.write.confirm([order, auditor, answered.context], { account: auditor })

  const [, , challengeUntil] = await market.read.challengeable([answered.context])
  const now = BigInt(await networkHelpers.time.latest())
  expect(challengeUntil - now).toBeGreaterThan(BigInt(confirmWindow))
})

test('attack: an auditor settles its own slash and is no refuter of it', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, staking, auditor, refuter } = fixture
  const { order, answered } = await deployConfirmed(fixture)
  await refute(fixture, answered.context)
  await audits.write.settle([order], { account: auditor })

  expect(await staking.read.rewardOf([auditor])).toBe(0n)
  const refuterShare = (answered.settlement.reserved * rewardPpm) / 1_000_000n
  expect(await staking.read.rewardOf([refuter])).toBe(refuterShare)
})

test('attack: an auditor takes its stake away after it vouched', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, staking, auditor, model } = fixture
  const { order, answered } = await deployConfirmed(fixture)
  const thaw = (amount: bigint) =>
    staking.write.thaw([audits.address, model, amount], { account: auditor })

  await viem.assertions.revertWithCustomErrorWithArgs(
    thaw(auditorStake - liability + 1n),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(auditor), auditorStake, liability, auditorStake - liability + 1n],
  )
  await thaw(auditorStake - liability)
  await refute(fixture, answered.context)
  await audits.write.settle([order])
  expect(await staking.read.allocationOf([audits.address, model, auditor])).toMatchObject({
    active: 0n,
    thawing: auditorStake - liability,
  })
})

test('attack: an auditor that cannot be paid does not stop settlement', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, staking, token, auditor } = fixture
  const record = {
    ...{ signer: zeroAddress, payout: token.address, encryptionKey: zeroHash, endpoint: '' },
  }
  await staking.write.register([record], { account: auditor })
  const { id, order } = await deployConfirmed(fixture)
  await reachFinality(fixture, order.jobId)
  await audits.write.settle([order])

  expect(await audits.read.auditOf([id])).toMatchObject({ status: auditStatus.paid })
  expect(await escrow.read.balanceOf([token.address, audits.address])).toBe(reward)
})

test('attack: whoever ordered cannot withdraw what it set aside', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, payer } = fixture
  await deployOpened(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([audits.address, budget, payer], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(audits.address), budget - reward, budget],
  )
})

test('attack: one stake vouches for more than it holds', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, auditor } = fixture
  const half = auditorStake / 20n
  const job = await requestJob(fixture, { challengeWindow })
  const orders = []
  for (let i = 0n; i < 3n; i++) {
    orders.push(await orderAudit(fixture, job.id, { reward: half - i }))
  }
  const answered = await answerJob(fixture, job)
  const opened = []
  for (const ordered of orders) opened.push(await openAudit(fixture, { ...ordered, answered }))
  await networkHelpers.time.increase(confirmWindow / 2)
  for (const { order } of opened.slice(0, 2)) {
    await audits.write.confirm([order, auditor, answered.context], { account: auditor })
  }

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.confirm([opened[2]!.order, auditor, answered.context], { account: auditor }),
    audits,
    'InsufficientAuditorStake',
    [getAddress(auditor), auditorStake, liability * 10n - 10n, liability * 5n - 20n],
  )
})

test('attack: an audit of another’s order pays nobody but who ordered', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, escrow, outsider, payer } = fixture
  await escrow.write.deposit([outsider, audits.address, dollars(1)], { account: outsider })
  const { order } = await deployOpened(fixture, { ratePpm: hardlyEver })
  const stolen = { ...order, orderer: outsider }

  await viem.assertions.revertWithCustomErrorWithArgs(
    audits.write.settle([stolen], { account: outsider }),
    audits,
    'AuditNotPending',
    [await audits.read.auditId([stolen]), auditStatus.none],
  )
  await audits.write.settle([order], { account: outsider })
  expect(await escrow.read.balanceOf([outsider, audits.address])).toBe(dollars(1))
  expect(await escrow.read.balanceOf([payer, audits.address])).toBe(budget)
})
