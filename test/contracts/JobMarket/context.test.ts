import { type Claim, encodeContext, type Settlement } from '@assay/protocol'
import { getAddress, type Hex, keccak256, sliceHex, toHex, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  deployAnswered,
  deployMarket,
  evidenceHash,
  marketArguments,
  reachSlot,
  readAnswer,
  requestJob,
  stake,
} from './fixtures.ts'

const status = { none: 0, answered: 3 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const { claim, settlement, context } = await deployAnswered(fixture)

  expect(await market.read.challengeable([context])).toEqual([
    await market.read.claimId([claim]),
    claim,
    settlement.challengeUntil,
  ])
})

test('error: the settlement of one answer with the claim of another', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const one = await deployAnswered(fixture)
  const { claim, id } = await deployAnswered(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, encodeContext({ ...one, claim })]),
    market,
    'SettlementMismatch',
    [id],
  )
})

const other = keccak256(toHex('other'))
const alteredClaims: Partial<Claim>[] = [
  { inputHash: other },
  { outputHash: other },
  { evidenceHash: other },
  { model: other },
  { operator: zeroAddress },
]

test.each(alteredClaims)('error: a claim with another %o', async (altered) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { settlement, claim } = await deployAnswered(fixture)
  const context = encodeContext({ settlement, claim: { ...claim, ...altered } })

  await viem.assertions.revertWithCustomError(
    verifier.write.refute([market.address, context]),
    market,
    'ClaimMismatch',
  )
})

const alteredSettlements: Partial<Settlement>[] = [
  { claimHash: other },
  { model: other },
  { operator: zeroAddress },
  { payer: zeroAddress },
  { verifier: zeroAddress },
  { callback: getAddress(toHex(1, { size: 20 })) },
  { callbackGas: 1 },
  { escrowed: dollars(4000) },
  { fee: 0n },
  { protocolFee: 0n },
  { reserved: stake },
  { challengeUntil: 2n ** 40n },
]

test.each(alteredSettlements)('error: a settlement with another %o', async (altered) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, claim } = await deployAnswered(fixture)
  const context = encodeContext({ settlement: { ...settlement, ...altered }, claim })

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, context]),
    market,
    'SettlementMismatch',
    [id],
  )
})

test('error: the answer that a reorganisation replaced', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator } = fixture
  const requested = await requestJob(fixture)
  const beforeAnswer = await networkHelpers.takeSnapshot()
  const wrong = await answerJob(fixture, requested)
  await beforeAnswer.restore()
  await reachSlot(fixture, requested.job, operator)
  const corrected = [requested.job, operator, '0x0b', evidenceHash] as const
  const hash = await market.write.answer(corrected, { account: operator })
  const right = await readAnswer(fixture, requested, hash)
  expect(right.settlement.challengeUntil).toBe(wrong.settlement.challengeUntil)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, wrong.context]),
    market,
    'SettlementMismatch',
    [requested.id],
  )

  expect(await market.read.statusOf([requested.id])).toBe(status.answered)
})

test('error: an answer of another market', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { verifier } = fixture
  const { id, context } = await deployAnswered(fixture)
  const second = await viem.deployContract('JobMarket', marketArguments(fixture))

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([second.address, context]),
    second,
    'NotAnswered',
    [id, status.none],
  )
})

const contextBytes = 18 * 32
const malformed: { title: string; alter: (context: Hex) => Hex; length: number }[] = [
  { title: 'empty', alter: () => '0x', length: 0 },
  { title: 'short by a byte', alter: (c) => sliceHex(c, 0, -1), length: contextBytes - 1 },
  { title: 'without its claim', alter: (c) => sliceHex(c, 0, 12 * 32), length: 12 * 32 },
  { title: 'long by a byte', alter: (c) => `${c}00`, length: contextBytes + 1 },
]

test.each(malformed)('error: a context that is $title', async ({ alter, length }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { context } = await deployAnswered(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, alter(context)]),
    market,
    'ContextMalformed',
    [BigInt(length), BigInt(contextBytes)],
  )
})
