import { claimIdOf, encodeContext } from '@assay/protocol'
import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, rewardPpm, viem } from '../fixtures.ts'
import {
  deployAnswered,
  deployMarket,
  maxChallengeWindow,
  reachFinality,
  requestJob,
  stake,
} from './fixtures.ts'

const status = { open: 1, answered: 3, refuted: 6 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, staking, verifier, payer, operator, refuter, model } = fixture
  const { id, claim, settlement, context } = await deployAnswered(fixture)
  const { reserved } = settlement

  const refutation = verifier.write.refute([market.address, context], { account: refuter })
  await viem.assertions.emitWithArgs(refutation, market, 'JobRefuted', [
    id,
    getAddress(operator),
    getAddress(refuter),
    dollars(4),
    reserved,
  ])

  expect(await market.read.statusOf([id])).toBe(status.refuted)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
  expect(await market.read.exposureOf([model, operator])).toEqual({
    reserved: 0n,
    earned: 0n,
    protocolFee: 0n,
  })
  expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
    active: stake - reserved,
  })
  expect(await staking.read.totalActive([market.address, model])).toBe(2n * stake - reserved)
  expect(await staking.read.rewardOf([refuter])).toBe((reserved * rewardPpm) / 1_000_000n)
  expect(await market.read.refuted([context])).toBe(await market.read.claimId([claim]))
})

test('behavior: the slash names the claim as its reason', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, verifier, operator, refuter, model, publicClient } = fixture
  const { claim, settlement, context } = await deployAnswered(fixture)
  const { reserved } = settlement
  const chainId = await publicClient.getChainId()

  await viem.assertions.emitWithArgs(
    verifier.write.refute([market.address, context], { account: refuter }),
    staking,
    'StakeSlashed',
    [
      getAddress(operator),
      getAddress(market.address),
      model,
      claimIdOf({ chainId, market: market.address, claim }),
      getAddress(refuter),
      reserved,
      reserved,
      (reserved * rewardPpm) / 1_000_000n,
    ],
  )
})

test("behavior: other claims of the operator keep what they reserved, and the rival's stake stays", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, verifier, operator, rival, model } = fixture
  const honest = await deployAnswered(fixture)
  const wrong = await deployAnswered(fixture)

  await verifier.write.refute([market.address, wrong.context])

  expect(await market.read.statusOf([honest.id])).toBe(status.answered)
  expect(await market.read.reservedOf([model, operator])).toBe(honest.settlement.reserved)
  expect(await staking.read.allocationOf([market.address, model, rival])).toMatchObject({
    active: stake,
  })
  await reachFinality(fixture, honest)
  await market.write.claim([honest.id, honest.settlement])
  expect(await market.read.exposureOf([model, operator])).toMatchObject({
    reserved: 0n,
    earned: honest.settlement.fee,
  })
})

test('behavior: a claim is slashed once', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, staking, verifier, payer, operator, model } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await verifier.write.refute([market.address, context])
  const calls = [
    verifier.write.refute([market.address, context]),
    verifier.write.suspend([market.address, context]),
    verifier.write.resume([market.address, context, 0n]),
  ]

  for (const call of calls) {
    await viem.assertions.revertWithCustomErrorWithArgs(call, market, 'NotAnswered', [
      id,
      status.refuted,
    ])
  }
  expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
    active: stake - settlement.reserved,
  })
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
})

test('behavior: a refuted claim is never paid', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator, model } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await verifier.write.refute([market.address, context])
  await networkHelpers.time.increase(maxChallengeWindow)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claim([id, settlement]),
    market,
    'NotAnswered',
    [id, status.refuted],
  )
  await market.write.claimMany([[id], [settlement]])

  expect(await market.read.statusOf([id])).toBe(status.refuted)
  expect(await market.read.exposureOf([model, operator])).toMatchObject({ earned: 0n })
})

test.each([1n, dollars(1), 0n])(
  'behavior: where only %i of stake is left, that is slashed and the payer still refunded',
  async (left) => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, escrow, staking, verifier, payer, operator, refuter, model } = fixture
    const { id, context } = await deployAnswered(fixture)
    await networkHelpers.setBalance(market.address, 10n ** 18n)
    await networkHelpers.impersonateAccount(market.address)
    await staking.write.slash([model, operator, stake - left, zeroAddress, id], {
      account: market.address,
    })

    await viem.assertions.emitWithArgs(
      verifier.write.refute([market.address, context], { account: refuter }),
      market,
      'JobRefuted',
      [id, getAddress(operator), getAddress(refuter), dollars(4), left],
    )

    expect(await market.read.statusOf([id])).toBe(status.refuted)
    expect(await market.read.reservedOf([model, operator])).toBe(0n)
    expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000))
    expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
      active: 0n,
    })
  },
)

test.each([
  { offset: -1n, refused: false },
  { offset: 0n, refused: true },
  { offset: 1n, refused: true },
])('behavior: $offset s from finality, refused: $refused', async ({ offset, refused }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  const finalAt = settlement.challengeUntil
  await networkHelpers.time.setNextBlockTimestamp(finalAt + offset)

  const refutation = verifier.write.refute([market.address, context])

  if (refused) {
    await viem.assertions.revertWithCustomErrorWithArgs(refutation, market, 'AlreadyFinal', [
      id,
      finalAt,
    ])
  } else {
    await refutation
    expect(await market.read.statusOf([id])).toBe(status.refuted)
  }
})

test('behavior: an answer whose finality is suspended can be refuted after its window', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await verifier.write.suspend([market.address, context])
  await networkHelpers.time.increaseTo(settlement.challengeUntil + 100n)

  await verifier.write.refute([market.address, context])

  expect(await market.read.statusOf([id])).toBe(status.refuted)
})

test('behavior: a tombstone on the verifier does not save what it may refute', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, registry, verifier, admin } = fixture
  const { id, context } = await deployAnswered(fixture)
  await registry.write.tombstoneVerifier([verifier.address], { account: admin })

  await verifier.write.refute([market.address, context])

  expect(await market.read.statusOf([id])).toBe(status.refuted)
})

test('error: anybody but the verifier of the job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, admin, payer, operator, refuter } = fixture
  const { context } = await deployAnswered(fixture)
  const other = await viem.deployContract('TestVerifier')

  for (const account of [admin, payer, operator, refuter]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.refute([context, account], { account }),
      market,
      'NotVerifier',
      [getAddress(account), getAddress(verifier.address)],
    )
  }
  await viem.assertions.revertWithCustomErrorWithArgs(
    other.write.refute([market.address, context]),
    market,
    'NotVerifier',
    [getAddress(other.address), getAddress(verifier.address)],
  )
})

test("error: a verifier of the payer's own, which the model does not accept", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, operator, payer, model } = fixture
  const malicious = await viem.deployContract('TestVerifier')
  const answered = await deployAnswered(fixture, { verifier: malicious.address })
  const { id, settlement, context } = answered

  await viem.assertions.revertWithCustomErrorWithArgs(
    malicious.write.refute([market.address, context], { account: payer }),
    market,
    'VerifierNotAccepted',
    [model, getAddress(malicious.address)],
  )

  expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
    active: stake,
  })
  await reachFinality(fixture, answered)
  await market.write.claim([id, settlement])
})

test('error: the answer of a job without a verifier', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture, { verifier: zeroAddress })

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, context]),
    market,
    'AlreadyFinal',
    [id, settlement.challengeUntil],
  )
})

test('error: a settled job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator, model } = fixture
  const answered = await deployAnswered(fixture)
  const { id, settlement, context } = answered
  await reachFinality(fixture, answered)
  await market.write.claim([id, settlement])

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, context]),
    market,
    'AlreadyFinal',
    [id, settlement.challengeUntil],
  )

  expect(await market.read.exposureOf([model, operator])).toMatchObject({
    earned: settlement.fee,
  })
})

test('error: a job that is not answered', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const answered = await deployAnswered(fixture)
  const { id } = await requestJob(fixture)
  const claim = { ...answered.claim, requestId: id }

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, encodeContext({ ...answered, claim })]),
    market,
    'NotAnswered',
    [id, status.open],
  )
})
