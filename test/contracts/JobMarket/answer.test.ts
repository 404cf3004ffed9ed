import { claimIdOf, hashSettlement, slotNever } from '@assay/protocol'
import { type Address, getAddress, type Hex, keccak256, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  deployMarket,
  evidenceHash,
  output,
  parameters,
  reachFinality,
  reachSlot,
  readAnswer,
  requestJob,
  stake,
} from './fixtures.ts'

const status = { none: 0, open: 1, answered: 3, final: 5, expired: 7 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, model } = fixture
  const requested = await requestJob(fixture, { feeMin: dollars(3), feeMax: dollars(3) })
  const { job, id } = requested
  const protocolFee = dollars(0.06)
  await reachSlot(fixture, job, operator)
  const answer = [job, operator, output, evidenceHash] as const

  const hash = await market.write.answer(answer, { account: operator })

  const { settlement, claim } = await readAnswer(fixture, requested, hash)
  const answeredAt = BigInt(await networkHelpers.time.latest())
  expect(settlement).toMatchObject({
    payer: job.payer,
    verifier: job.verifier,
    operator: getAddress(operator),
    escrowed: dollars(3),
    fee: dollars(3) - protocolFee,
    protocolFee,
    reserved: dollars(6),
    challengeUntil: answeredAt + BigInt(job.challengeWindow),
  })
  expect(claim).toEqual({
    requestId: id,
    model,
    operator: getAddress(operator),
    inputHash: job.inputHash,
    outputHash: keccak256(output),
    evidenceHash,
  })
  expect(await market.read.statusOf([id])).toBe(status.answered)
  expect(await market.read.finalAt([id])).toBe(settlement.challengeUntil)
  expect(await market.read.reservedOf([model, operator])).toBe(dollars(6))
})

test('behavior: ids of claims and settlements are those of the protocol package', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, publicClient } = fixture
  const { id, claim, settlement } = await answerJob(fixture, await requestJob(fixture))
  const libraries = await viem.deployContract('MarketLibraries')
  const chainId = await publicClient.getChainId()

  const [ofClaim, ofSettlement] = await libraries.read.hashes([id, claim, settlement])

  expect(await market.read.claimId([claim])).toBe(
    claimIdOf({ chainId, market: market.address, claim }),
  )
  expect(ofClaim[0]).toBe(ofClaim[1])
  expect(ofClaim[0]).toBe(settlement.claimHash)
  expect(ofSettlement[0]).toBe(ofSettlement[1])
  expect(ofSettlement[0]).toBe(hashSettlement({ id, settlement }))
})

test("behavior: the operator's signer answers for it", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, submitter, model } = fixture
  const record = {
    signer: submitter,
    payout: zeroAddress,
    encryptionKey: zeroHash,
    endpoint: '',
  }
  await staking.write.register([record], { account: operator })
  const { job } = await requestJob(fixture)
  await reachSlot(fixture, job, operator)

  const answer = [job, operator, output, evidenceHash] as const
  await market.write.answer(answer, { account: submitter })

  expect(await market.read.reservedOf([model, operator])).not.toBe(0n)
  expect(await market.read.reservedOf([model, submitter])).toBe(0n)
})

test.each([
  { elapsed: 0n, fee: dollars(2) },
  { elapsed: 1n, fee: dollars(2.1) },
  { elapsed: 19n, fee: dollars(3.9) },
  { elapsed: 20n, fee: dollars(4) },
  { elapsed: 49n, fee: dollars(4) },
])('behavior: $elapsed seconds after the request the fee has risen to $fee', async (row) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { job, requestedAt } = await requestJob(fixture)

  expect(await market.read.feeAt([job, requestedAt + row.elapsed])).toBe(row.fee)
})

test('behavior: an answer earns the fee of its own time, and the rest goes back', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator } = fixture
  const requested = await requestJob(fixture)
  await networkHelpers.time.setNextBlockTimestamp(requested.requestedAt + 30n)
  const early = await market.read.feeAt([requested.job, requested.requestedAt - 1n])
  const answer = [requested.job, operator, output, evidenceHash] as const
  const hash = await market.write.answer(answer, { account: operator })
  const answered = await readAnswer(fixture, requested, hash)
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])

  expect(early).toBe(dollars(2))
  expect(answered.settlement.fee + answered.settlement.protocolFee).toBe(dollars(4))
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(4996))
})

test('behavior: without a verifier an answer is final at once', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const requested = await requestJob(fixture, { verifier: zeroAddress })

  const { id, settlement } = await answerJob(fixture, requested)

  expect(await market.read.statusOf([id])).toBe(status.final)
  await market.write.claim([id, settlement])
  expect(await market.read.isSettled([id])).toBe(true)
})

test('behavior: the stake reserved is at least the floor', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, model } = fixture
  await answerJob(fixture, await requestJob(fixture, { feeMin: 1n, feeMax: 1n }))

  expect(await market.read.reservedOf([model, operator])).toBe(parameters.stakeFloor)
})

test.each([0, 24 * 1024])('parameters: an output of %i bytes', async (length) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const requested = await requestJob(fixture)
  const bytes: Hex = `0x${'5a'.repeat(length)}`
  await reachSlot(fixture, requested.job, operator)

  const answer = [requested.job, operator, bytes, evidenceHash] as const
  const hash = await market.write.answer(answer, { account: operator })

  const { claim } = await readAnswer(fixture, requested, hash)
  expect(claim.outputHash).toBe(keccak256(bytes))
})

test('error: an output of more than 24 KiB', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const { job } = await requestJob(fixture)
  const bytes: Hex = `0x${'5a'.repeat(24 * 1024 + 1)}`
  await reachSlot(fixture, job, operator)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.answer([job, operator, bytes, evidenceHash], { account: operator }),
    market,
    'OutputTooLong',
    [24_577n, 24_576n],
  )
})

test('error: on the deadline, although a second before it is in time', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival } = fixture
  const [first, second] = [await requestJob(fixture), await requestJob(fixture)]
  const { deadline } = first.job
  const answer = [second.job, rival, output, evidenceHash] as const

  await networkHelpers.time.setNextBlockTimestamp(second.job.deadline - 1n)
  await market.write.answer(answer, { account: rival })
  expect(await market.read.statusOf([second.id])).toBe(status.answered)

  const late = deadline > second.job.deadline ? deadline : second.job.deadline
  await networkHelpers.time.setNextBlockTimestamp(late)
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.answer([first.job, operator, output, evidenceHash], { account: operator }),
    market,
    'DeadlinePassed',
    [first.id, deadline, late],
  )
})

test('error: a second answer', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator, rival } = fixture
  const { job, id } = await answerJob(fixture, await requestJob(fixture))

  for (const account of [operator, rival]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([job, account, output, evidenceHash], { account }),
      market,
      'JobNotOpen',
      [id, status.answered],
    )
  }
})

test('error: wrong preimage of a job id', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, operator } = fixture
  const { job } = await requestJob(fixture)
  await reachSlot(fixture, job, operator)
  const wrongs = [
    { ...job, feeMin: job.feeMax },
    { ...job, deadline: job.deadline + 1n },
    { ...job, callback: operator },
    { ...job, payer: operator },
    { ...job, inputHash: zeroHash },
  ]

  for (const wrong of wrongs) {
    const id = await market.read.jobId([wrong])
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([wrong, operator, output, evidenceHash], { account: operator }),
      market,
      'JobNotOpen',
      [id, status.none],
    )
  }
})

describe('error: an operator', () => {
  test('that the caller does not act for', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, operator, outsider } = fixture
    const { job } = await requestJob(fixture)
    await reachSlot(fixture, job, operator)

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([job, operator, output, evidenceHash], { account: outsider }),
      market,
      'NotOperator',
      [getAddress(outsider), getAddress(operator)],
    )
  })

  async function expectWithoutStake(
    fixture: Awaited<ReturnType<typeof deployMarket>>,
    account: Address,
    [active, reserved, needed]: [bigint, bigint, bigint],
  ) {
    const { market } = fixture
    const { job } = await requestJob(fixture, { feeMin: dollars(4) })
    await networkHelpers.time.setNextBlockTimestamp(job.deadline - 1n)
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.answer([job, account, output, evidenceHash], { account }),
      market,
      'InsufficientStake',
      [getAddress(account), active, reserved, needed],
    )
  }

  test('without stake', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    await expectWithoutStake(fixture, fixture.outsider, [0n, 0n, dollars(8)])
  })

  test('whose stake thaws', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { staking, market, model, operator } = fixture
    await staking.write.thaw([market.address, model, stake], { account: operator })
    await expectWithoutStake(fixture, operator, [0n, 0n, dollars(8)])
  })

  test('whose stake is not active yet', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { staking, market, model, payer } = fixture
    await staking.write.deposit([payer, stake], { account: payer })
    await staking.write.allocate([market.address, model, stake], { account: payer })
    await expectWithoutStake(fixture, payer, [0n, 0n, dollars(8)])
  })

  test('whose stake is reserved', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { operator, rival, staking, market, model } = fixture
    await staking.write.thaw([market.address, model, stake - dollars(10)], { account: operator })
    await staking.write.thaw([market.address, model, stake], { account: rival })
    const requested = await requestJob(fixture, { feeMin: dollars(4), challengeWindow: 600 })
    await networkHelpers.time.setNextBlockTimestamp(requested.job.deadline - 1n)
    const answer = [requested.job, operator, output, evidenceHash] as const
    await market.write.answer(answer, { account: operator })

    await expectWithoutStake(fixture, operator, [dollars(10), dollars(8), dollars(8)])
    const { job } = await requestJob(fixture)
    const slot = await market.read.slotOf([job, operator], { blockTag: 'pending' })
    expect(slot).toBeGreaterThan(job.deadline - 50n)
  })
})

test('behavior: the slot of an operator without free stake never opens', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, outsider } = fixture
  const { job } = await requestJob(fixture)

  expect(await market.read.slotOf([job, outsider], { blockTag: 'pending' })).toBe(slotNever)
})
