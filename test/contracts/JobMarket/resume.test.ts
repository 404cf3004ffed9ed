import { getAddress, sliceHex } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { deployAnswered, deployMarket, type MarketFixture, maxChallengeWindow } from './fixtures.ts'

const status = { answered: 3, challenged: 4, final: 5, refuted: 6 }

async function deploySuspended(fixture: MarketFixture) {
  const answered = await deployAnswered(fixture)
  await fixture.verifier.write.suspend([fixture.market.address, answered.context])
  return answered
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deploySuspended(fixture)
  const until = settlement.challengeUntil + 15n

  await viem.assertions.emitWithArgs(
    verifier.write.resume([market.address, context, until]),
    market,
    'JobResumed',
    [id, 0n, until],
  )

  expect(await market.read.statusOf([id])).toBe(status.answered)
  expect(await market.read.finalAt([id])).toBe(until)
})

test('behavior: finality never moves forward', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deploySuspended(fixture)
  const { challengeUntil } = settlement

  for (const until of [0n, challengeUntil - 1n, challengeUntil]) {
    await verifier.write.suspend([market.address, context])
    await viem.assertions.emitWithArgs(
      verifier.write.resume([market.address, context, until]),
      market,
      'JobResumed',
      [id, 1n, challengeUntil],
    )
  }
})

test.each([
  { title: 'one second less than', excess: -1n },
  { title: 'exactly', excess: 0n },
  { title: 'one second more than', excess: 1n },
  { title: 'for ever more than', excess: 2n ** 63n },
])('behavior: finality moves by a window at most: $title that', async ({ excess }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deploySuspended(fixture)
  const now = settlement.challengeUntil - 5n
  const latest = now + BigInt(maxChallengeWindow)
  const until = latest + excess
  await networkHelpers.time.setNextBlockTimestamp(now)

  await viem.assertions.emitWithArgs(
    verifier.write.resume([market.address, context, until]),
    market,
    'JobResumed',
    [id, 0n, until < latest ? until : latest],
  )
})

test('behavior: what is resumed after its window is final at once, unless until is later', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const [prompt, later] = [await deploySuspended(fixture), await deploySuspended(fixture)]
  const now = later.settlement.challengeUntil + 50n
  await networkHelpers.time.increaseTo(now)

  await verifier.write.resume([market.address, prompt.context, 0n])
  await verifier.write.resume([market.address, later.context, now + 20n])

  expect(await market.read.statusOf([prompt.id])).toBe(status.final)
  expect(await market.read.statusOf([later.id])).toBe(status.answered)
  await networkHelpers.time.increaseTo(now + 20n)
  expect(await market.read.statusOf([later.id])).toBe(status.final)
  await market.write.claimMany([
    [prompt.id, later.id],
    [prompt.settlement, later.settlement],
  ])
  for (const { id } of [prompt, later]) expect(await market.read.isSettled([id])).toBe(true)
})

test('behavior: between two challenges the answer can be refuted until the later finality', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deploySuspended(fixture)
  const until = settlement.challengeUntil + 40n
  await verifier.write.resume([market.address, context, until])
  await networkHelpers.time.setNextBlockTimestamp(until - 1n)

  await verifier.write.refute([market.address, context])

  expect(await market.read.statusOf([id])).toBe(status.refuted)
})

test('error: nothing is suspended', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, context } = await deployAnswered(fixture)
  const until = 2n ** 40n

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.resume([market.address, context, until]),
    market,
    'NothingSuspended',
    [id],
  )
  await verifier.write.suspend([market.address, context])
  await verifier.write.resume([market.address, context, 0n])
  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.resume([market.address, context, until]),
    market,
    'NothingSuspended',
    [id],
  )
})

test('error: the challenge of another job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const suspended = await deploySuspended(fixture)
  const { id, context } = await deployAnswered(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.resume([market.address, context, 0n]),
    market,
    'NothingSuspended',
    [id],
  )
  expect(await market.read.statusOf([suspended.id])).toBe(status.challenged)
})

test('error: anybody but the verifier of the job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator } = fixture
  const { context } = await deploySuspended(fixture)
  const other = await viem.deployContract('TestVerifier')

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.resume([context, 0n], { account: operator }),
    market,
    'NotVerifier',
    [getAddress(operator), getAddress(verifier.address)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    other.write.resume([market.address, context, 0n], { account: operator }),
    market,
    'NotVerifier',
    [getAddress(other.address), getAddress(verifier.address)],
  )
})

test('error: a job that is final', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deploySuspended(fixture)
  await verifier.write.resume([market.address, context, 0n])
  await networkHelpers.time.increaseTo(settlement.challengeUntil)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.resume([market.address, context, 2n ** 40n]),
    market,
    'AlreadyFinal',
    [id, settlement.challengeUntil],
  )
})

test('error: a truncated context', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { context } = await deploySuspended(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.resume([market.address, sliceHex(context, 0, -1), 0n]),
    market,
    'ContextMalformed',
    [18n * 32n - 1n, 18n * 32n],
  )
})
