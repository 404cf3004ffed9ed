import {
  assayActions,
  isRevert,
  JobEndedError,
  JobUnansweredError,
  SaltReusedError,
  VerifierNotAcceptedError,
} from '@assay/sdk'
import { outputOf } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { bytesToHex, keccak256, toHex, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

const { viem, networkHelpers } = await network.create()
const { program, input, trace } = randomRun(7)

async function fixture() {
  const suite = await deploySuite(viem)
  const { version } = await publishProgram(suite, program)
  const operators = ['operator', 'rival'] as const
  await stakeOn(suite, networkHelpers, { model: version, operators, amount: dollars(100) })
  const payer = suite.actors.payer.extend(assayActions(suite.deployment))
  await payer.deposit({ amount: dollars(50) })
  return { suite, version, payer }
}

const terms = {
  inputHash: trace.inputHash,
  input: bytesToHex(input),
  feeMin: dollars(1),
  feeMax: dollars(3),
}

test('default', async () => {
  const { suite, version, payer } = await networkHelpers.loadFixture(fixture)
  const { deployment, actors, escrow } = suite
  const { id, job } = await payer.requestJob({ model: version, ...terms })
  expect(await payer.getJobStatus({ id })).toBe('Open')
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })

  const { answer } = await payer.waitForAnswer({ id, timeoutMs: 5_000 })
  expect(answer.output).toBe(bytesToHex(outputOf(trace)))
  expect(answer.claimId).toBe(await suite.market.read.claimId([answer.claim]))

  await networkHelpers.time.increase(suite.terms.minChallengeWindow)
  await payer.waitForFinality({ id, timeoutMs: 5_000 })
  const { settled } = await payer.claimMany({ ids: [id] })
  expect(settled).toEqual([id])

  const { operator, fee, protocolFee } = answer
  const { amount } = await payer.collect({ operator, models: [version] })
  expect(amount).toBe(fee)
  const balance = await payer.getEscrowBalance()
  expect(balance).toBe(dollars(50) - fee - protocolFee)
  await payer.withdraw({ amount: balance, to: actors.outsider.account.address })
  expect(await escrow.read.balanceOf([actors.payer.account.address, deployment.market])).toBe(0n)
})

test('behavior: asking again under the same salt does not pay again', async () => {
  const { version, payer } = await networkHelpers.loadFixture(fixture)
  const salt = keccak256(toHex('order 17'))
  const first = await payer.requestJob({ model: version, salt, ...terms })
  await networkHelpers.time.increase(5)
  const second = await payer.requestJob({ model: version, salt, ...terms })
  expect(second).toEqual(first)
  expect(await payer.getEscrowBalance()).toBe(dollars(47))

  const again = await payer.requestJob({ job: first.job })
  expect(again).toEqual({ ...first, hash: undefined })
  expect(await payer.getEscrowBalance()).toBe(dollars(47))
})

test('error: a salt that belongs to another job', async () => {
  const { version, payer } = await networkHelpers.loadFixture(fixture)
  const salt = keccak256(toHex('order 17'))
  await payer.requestJob({ model: version, salt, ...terms })
  const other = payer.requestJob({ model: version, salt, ...terms, feeMax: dollars(4) })
  await expect(other).rejects.toThrow(SaltReusedError)
})

test('behavior: a relayer submits what the payer signed', async () => {
  const { suite, version, payer } = await networkHelpers.loadFixture(fixture)
  const relayer = suite.actors.relayer.extend(assayActions(suite.deployment))
  const job = await payer.prepareJob({ model: version, ...terms })
  const signature = await payer.signJob({ job })
  const { id, hash } = await relayer.requestJobFor({ job, input: terms.input, signature })
  expect(hash).toBeDefined()
  expect(await payer.getJobStatus({ id })).toBe('Open')
  const repeated = await relayer.requestJobFor({ job, input: terms.input, signature })
  expect(repeated).toEqual({ id, job, hash: undefined })
})

test('behavior: escrow is funded by permit, and by authorization', async () => {
  const { suite, payer } = await networkHelpers.loadFixture(fixture)
  const outsider = suite.actors.outsider.extend(assayActions(suite.deployment))
  await suite.token.write.approve([suite.escrow.address, 0n], { account: outsider.account })
  await outsider.depositWithPermit({ amount: dollars(2) })
  expect(await outsider.getEscrowBalance()).toBe(dollars(2))

  const authorization = await outsider.signDeposit({ amount: dollars(3) })
  await payer.depositWithAuthorization({ authorization })
  expect(await outsider.getEscrowBalance()).toBe(dollars(5))
  const again = await payer.depositWithAuthorization({ authorization }).catch((error) => error)
  expect(isRevert(again, 'ERC3009UsedAuthorization')).toBe(true)
})

test('behavior: a job that nobody answers is refunded', async () => {
  const { payer, version } = await networkHelpers.loadFixture(fixture)
  const { id, job } = await payer.requestJob({ model: version, ...terms })
  const early = await payer.expire({ job }).catch((error) => error)
  expect(isRevert(early, 'DeadlineNotReached') && early.args.deadline).toBe(job.deadline)

  await networkHelpers.time.increaseTo(job.deadline)
  await expect(payer.waitForAnswer({ id, timeoutMs: 5_000 })).rejects.toThrow(JobUnansweredError)
  await payer.expire({ job })
  expect(await payer.getEscrowBalance()).toBe(dollars(50))
  await expect(payer.waitForFinality({ id, timeoutMs: 5_000 })).rejects.toThrow(JobEndedError)
})

test('behavior: claiming skips what is not final', async () => {
  const { suite, payer, version } = await networkHelpers.loadFixture(fixture)
  const open = await payer.requestJob({ model: version, ...terms })
  const answered = await payer.requestJob({ model: version, ...terms })
  await answerJob(suite, networkHelpers, { job: answered.job, operator: 'rival', trace })
  const early = await payer.claimMany({ ids: [open.id, answered.id] })
  expect(early.settled).toEqual([])
  expect(early.skipped.map(({ status }) => status)).toEqual(['Open', 'Answered'])

  await networkHelpers.time.increase(suite.terms.minChallengeWindow)
  const { settled } = await payer.claimMany({ ids: [open.id, answered.id], batchSize: 1 })
  expect(settled).toEqual([answered.id])
  const { skipped } = await payer.claimMany({ ids: [answered.id] })
  expect(skipped).toEqual([{ id: answered.id, status: 'Final', isSettled: true }])
})

test('error: names the fact and the values of a revert', async () => {
  const { payer, version } = await networkHelpers.loadFixture(fixture)
  const tooMuch = { model: version, ...terms, feeMax: dollars(51) }
  const error = await payer.requestJob(tooMuch).catch((reason) => reason)
  expect(error.args).toMatchObject({ balance: dollars(50), needed: dollars(51) })
  expect(isRevert(error, 'InsufficientBalance')).toBe(true)
})

test('error: a verifier that could not refute the answer', async () => {
  const { suite, payer, version } = await networkHelpers.loadFixture(fixture)
  const verifier = suite.deployment.escrow
  const wanted = payer.requestJob({ model: version, ...terms, verifier })
  await expect(wanted).rejects.toThrow(VerifierNotAcceptedError)
  const unknown = payer.requestJob({ model: trace.evidenceHash, ...terms })
  await expect(unknown).rejects.toThrow(VerifierNotAcceptedError)
})

test('behavior: without a verifier an answer is final at once', async () => {
  const { suite, payer, version } = await networkHelpers.loadFixture(fixture)
  const { id, job } = await payer.requestJob({ model: version, ...terms, verifier: zeroAddress })
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  expect((await payer.waitForFinality({ id, timeoutMs: 5_000 })).status).toBe('Final')
})
