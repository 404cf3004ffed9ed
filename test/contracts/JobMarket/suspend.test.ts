import { encodeContext } from '@assay/protocol'
import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hash,
  hexToBigInt,
  keccak256,
  numberToHex,
  sliceHex,
} from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { deployAnswered, deployMarket, reachFinality, requestJob } from './fixtures.ts'

const status = { open: 1, answered: 3, challenged: 4, final: 5 }

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, operator, model } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  const exposure = await market.read.exposureOf([model, operator])

  await viem.assertions.emitWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'JobSuspended',
    [id, 1n],
  )

  expect(await market.read.statusOf([id])).toBe(status.challenged)
  expect(await market.read.finalAt([id])).toBe(settlement.challengeUntil)
  expect(await market.read.exposureOf([model, operator])).toEqual(exposure)
})

test('behavior: what is suspended does not become final by time', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await verifier.write.suspend([market.address, context])
  const late = settlement.challengeUntil + 10_000n
  await networkHelpers.time.increaseTo(late - 1n)
  await networkHelpers.time.setNextBlockTimestamp(late)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.claim([id, settlement]),
    market,
    'NotFinal',
    [id, status.challenged, settlement.challengeUntil, late],
  )
  await market.write.claimMany([[id], [settlement]])

  expect(await market.read.statusOf([id])).toBe(status.challenged)
})

test('behavior: each suspension needs a resumption of its own', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, context } = await deployAnswered(fixture)

  await verifier.write.suspend([market.address, context])
  await viem.assertions.emitWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'JobSuspended',
    [id, 2n],
  )
  await verifier.write.resume([market.address, context, 0n])
  expect(await market.read.statusOf([id])).toBe(status.challenged)

  await verifier.write.resume([market.address, context, 0n])
  expect(await market.read.statusOf([id])).toBe(status.answered)
})

test('behavior: a suspended answer can be suspended again after its window', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await verifier.write.suspend([market.address, context])
  await networkHelpers.time.increaseTo(settlement.challengeUntil + 100n)

  await viem.assertions.emitWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'JobSuspended',
    [id, 2n],
  )
})

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

  const suspension = verifier.write.suspend([market.address, context])

  if (refused) {
    await viem.assertions.revertWithCustomErrorWithArgs(suspension, market, 'AlreadyFinal', [
      id,
      finalAt,
    ])
  } else {
    await suspension
    await networkHelpers.time.increaseTo(finalAt + 1n)
    expect(await market.read.statusOf([id])).toBe(status.challenged)
  }
})

test("error: a verifier of the payer's own cannot hold the fee back", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, model } = fixture
  const malicious = await viem.deployContract('TestVerifier')
  const { context } = await deployAnswered(fixture, { verifier: malicious.address })

  await viem.assertions.revertWithCustomErrorWithArgs(
    malicious.write.suspend([market.address, context], { account: payer }),
    market,
    'VerifierNotAccepted',
    [model, getAddress(malicious.address)],
  )
})

test('error: anybody but the verifier of the job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, payer, refuter } = fixture
  const { context } = await deployAnswered(fixture)

  for (const account of [payer, refuter]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.suspend([context], { account }),
      market,
      'NotVerifier',
      [getAddress(account), getAddress(verifier.address)],
    )
  }
})

test('error: a settled job', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const answered = await deployAnswered(fixture)
  const { id, settlement, context } = answered
  await reachFinality(fixture, answered)
  await market.write.claim([id, settlement])

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'AlreadyFinal',
    [id, settlement.challengeUntil],
  )
})

test('error: a job that is not answered', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const answered = await deployAnswered(fixture)
  const { id } = await requestJob(fixture)
  const claim = { ...answered.claim, requestId: id }

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.suspend([market.address, encodeContext({ ...answered, claim })]),
    market,
    'NotAnswered',
    [id, status.open],
  )
})

test('error: a truncated context', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { context } = await deployAnswered(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.suspend([market.address, sliceHex(context, 0, -32)]),
    market,
    'ContextMalformed',
    [17n * 32n, 18n * 32n],
  )
})

const maxChallenges = 4095n

/** Sets the open challenges of an answered job: `maxChallenges` suspensions would take minutes. */
async function setOpenChallenges(market: Address, id: Hash, open: bigint) {
  for (let position = 0n; position < 16n; position++) {
    const types = [{ type: 'bytes32' }, { type: 'uint256' }] as const
    const slot = hexToBigInt(keccak256(encodeAbiParameters(types, [id, position])))
    const word = BigInt(await networkHelpers.getStorageAt(market, slot))
    if (word === 0n) continue
    const bits = maxChallenges << 240n
    const changed = numberToHex((word & ~bits) | (open << 240n), { size: 32 })
    await networkHelpers.setStorageAt(market, slot, changed)
    return
  }
  expect.unreachable('no slot holds the job')
}

test('error: more challenges than the slot can count', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier } = fixture
  const { id, settlement, context } = await deployAnswered(fixture)
  await setOpenChallenges(market.address, id, maxChallenges - 1n)

  await viem.assertions.emitWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'JobSuspended',
    [id, maxChallenges],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.suspend([market.address, context]),
    market,
    'TooManyChallenges',
    [id, maxChallenges],
  )

  expect(await market.read.statusOf([id])).toBe(status.challenged)
  expect(await market.read.finalAt([id])).toBe(settlement.challengeUntil)
  await viem.assertions.emitWithArgs(
    verifier.write.resume([market.address, context, 0n]),
    market,
    'JobResumed',
    [id, maxChallenges - 1n, settlement.challengeUntil],
  )
})
