import { auditIdOf } from '@assay/protocol'
import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { getAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { assayActions } from '../decorators/assayActions.ts'
import { isRevert } from '../errors/decodeError.ts'

const { viem, networkHelpers } = await network.create()
const { program, trace } = randomRun(3)
const reward = dollars(1)
const liability = dollars(30)

async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment, actors } = suite
  const bound = (name: keyof typeof actors) => actors[name].extend(assayActions(deployment))
  const { version: model } = await publishProgram(suite, program)
  await stakeOn(suite, networkHelpers, { model, operators: ['operator'], amount: dollars(100) })
  const [payer, auditor, outsider] = [bound('payer'), bound('rival'), bound('outsider')]
  const source = deployment.audits
  await auditor.depositStake({ amount: dollars(100) })
  await auditor.allocateStake({ model, source, amount: dollars(100) })
  await networkHelpers.time.increase(suite.terms.activationDelay)
  await auditor.activateStake({ model, source })
  await payer.deposit({ amount: dollars(50) })
  await payer.deposit({ amount: dollars(50), spender: deployment.audits })
  return { suite, model, payer, auditor, outsider }
}

/** A job with an audit of it, which the operator answered. */
async function answered(ratePpm: number) {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite, model, payer } = state
  const terms = { model, inputHash: trace.inputHash, feeMax: dollars(3), challengeWindow: 300 }
  const { id: jobId, job } = await payer.requestJob(terms)
  const ordered = await payer.orderAudit({ jobId, model, ratePpm, reward })
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  const { answer } = await payer.waitForAnswer({ id: jobId, timeoutMs: 5_000 })
  return { ...state, ...ordered, answer, jobId }
}

/** Lets time pass until the auditor may confirm. */
async function reachSlot({ auditor, order }: Awaited<ReturnType<typeof answered>>) {
  const { opensAt } = await auditor.readAudit({ order, auditor: auditor.account.address })
  const now = BigInt(await networkHelpers.time.latest())
  if (opensAt !== undefined && opensAt > now) await networkHelpers.time.increaseTo(opensAt)
}

test('default: the auditor that is drawn confirms, and is paid once the answer is final', async () => {
  const state = await answered(1_000_000)
  const { suite, payer, auditor, outsider, order, auditId, answer, jobId } = state
  const { chainId, audits } = suite.deployment
  expect(auditId).toBe(auditIdOf({ chainId, audits, order }))
  expect(auditId).toBe(await suite.audits.read.auditId([order]))
  expect(await payer.readAudit({ order })).toEqual({
    ...{ auditId, status: 'Ordered', liability },
    ...{ auditor: undefined, isDrawn: undefined, opensAt: undefined, confirmUntil: undefined },
  })

  await outsider.openAudit({ order, answer })
  expect(await payer.readAudit({ order })).toMatchObject({ status: 'Opened', isDrawn: undefined })
  const openedAt = BigInt(await networkHelpers.time.latest())
  await networkHelpers.mine()
  const drawn = await payer.readAudit({ order, auditor: auditor.account.address })
  const confirmUntil = openedAt + BigInt(suite.terms.confirmWindow)
  expect(drawn).toMatchObject({ status: 'Opened', isDrawn: true, confirmUntil })
  expect(drawn.opensAt).toBeGreaterThanOrEqual(openedAt)

  await reachSlot(state)
  await auditor.confirmAudit({ order, answer })
  expect(await payer.readAudit({ order })).toMatchObject({
    status: 'Confirmed',
    isDrawn: undefined,
    auditor: getAddress(auditor.account.address),
  })
  await networkHelpers.time.increase(300)
  await payer.waitForFinality({ id: jobId, timeoutMs: 5_000 })
  expect((await outsider.settleAudit({ order })).outcome).toBe('Paid')
  expect(await auditor.getEscrowBalance({ spender: audits })).toBe(reward)
  expect(await payer.getEscrowBalance({ spender: audits })).toBe(dollars(49))
})

test('behavior: an audit is found by its id, and those of a job by the job', async () => {
  const state = await networkHelpers.loadFixture(fixture)
  const { model, payer, auditor, suite } = state
  const spender = suite.deployment.audits
  const terms = { model, inputHash: trace.inputHash, feeMax: dollars(3), challengeWindow: 300 }
  const { id: jobId } = await payer.requestJob(terms)
  const { id: other } = await payer.requestJob(terms)
  await auditor.deposit({ amount: reward, spender })
  const first = await payer.orderAudit({ jobId, model, ratePpm: 1, reward })
  const second = await auditor.orderAudit({ jobId, model, ratePpm: 2, reward })
  await payer.orderAudit({ jobId: other, model, ratePpm: 1, reward })

  const found = [first, second].map(({ auditId, hash }, i) => ({
    ...{ auditId, hash },
    order: {
      ...{ jobId, model, ratePpm: i + 1, reward },
      orderer: getAddress([payer, auditor][i]!.account.address),
    },
  }))
  expect(await payer.findAudits({ id: jobId })).toEqual(found)
  expect(await payer.findAudits({ id: second.auditId })).toEqual([found[1]])
})

test('behavior: what is not drawn comes back', async () => {
  const { suite, payer, auditor, outsider, order, answer } = await answered(1)
  await outsider.openAudit({ order, answer })
  await networkHelpers.mine(2)

  const auditorAddress = auditor.account.address
  expect(await payer.readAudit({ order, auditor: auditorAddress })).toMatchObject({
    isDrawn: false,
    opensAt: undefined,
  })
  expect((await outsider.settleAudit({ order })).outcome).toBe('Returned')
  expect((await payer.readAudit({ order })).status).toBe('Returned')
  const { audits } = suite.deployment
  expect(await payer.getEscrowBalance({ spender: audits })).toBe(dollars(50))
})

test('behavior: a seed that is lost leaves the draw unknown', async () => {
  const { payer, outsider, order, answer } = await answered(1_000_000)
  await outsider.openAudit({ order, answer })
  await networkHelpers.mine(8_194, { interval: 0 })

  expect(await payer.readAudit({ order })).toMatchObject({ status: 'Opened', isDrawn: undefined })
})

test('error: an audit of an answer that is there', async () => {
  const { payer, model, jobId } = await answered(1_000_000)
  const late = await payer.orderAudit({ jobId, model, ratePpm: 7, reward }).catch((error) => error)

  expect(isRevert(late, 'TooLateToOrder') && late.args.jobId).toBe(jobId)
})

test('error: a confirmation by somebody who may not speak for the auditor', async () => {
  const state = await answered(1_000_000)
  const { outsider, auditor, order, answer } = state
  await outsider.openAudit({ order, answer })
  await networkHelpers.mine(2)
  const confirm = { order, answer, auditor: auditor.account.address }
  const error = await outsider.confirmAudit(confirm).catch((reason) => reason)

  expect(isRevert(error, 'NotAuditor') && error.args.auditor.toLowerCase()).toBe(
    auditor.account.address.toLowerCase(),
  )
})

test('error: an audit that nobody ordered', async () => {
  const { payer, outsider, order } = await answered(1_000_000)
  const unknown = { ...order, jobId: zeroHash }
  expect(await payer.findAudits({ id: zeroHash })).toEqual([])
  expect((await payer.readAudit({ order: unknown })).status).toBe('None')
  const error = await outsider.settleAudit({ order: unknown }).catch((reason) => reason)

  expect(isRevert(error, 'AuditNotPending') && error.args.status).toBe(0)
})
