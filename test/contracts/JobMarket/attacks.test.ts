/** Attacks that belong to no single function; the others are beside the function they aim at. */
import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  createJob,
  deployAnswered,
  deployMarket,
  parameters,
  reachFinality,
  requestJob,
  sealJob,
  stake,
} from './fixtures.ts'

const refuted = 6
/** Long enough for the wall clock, which the chain's follows, to run on between tests. */
const challengeWindow = 500
/** The dearest set that the bounds allow. */
const dearest = {
  protocolFeePpm: 50_000,
  stakeRatioPpm: 1_000_000_000,
  commitBondPpm: 1_000_000,
  seatSeconds: 600,
  stakeFloor: 2n ** 96n - 1n,
}

/** A verifier that the registry does not know, and a job that names it. */
async function deployStranger() {
  const fixture = await deployMarket()
  const stranger = await viem.deployContract('TestVerifier')
  const answered = await deployAnswered(fixture, {
    verifier: stranger.address,
    challengeWindow,
  })
  return { ...fixture, stranger, answered }
}

describe('attack 8: a verifier of the requester, which no publisher accepted', () => {
  test.each(['refute', 'suspend'] as const)('cannot %s', async (functionName) => {
    const fixture = await networkHelpers.loadFixture(deployStranger)
    const { market, stranger, model, answered } = fixture

    await viem.assertions.revertWithCustomErrorWithArgs(
      stranger.write[functionName]([market.address, answered.context]),
      market,
      'VerifierNotAccepted',
      [model, getAddress(stranger.address)],
    )
  })

  test('leaves the operator its stake and its fee', async () => {
    const fixture = await networkHelpers.loadFixture(deployStranger)
    const { market, staking, operator, model, answered } = fixture
    await reachFinality(fixture, answered)
    await market.write.claim([answered.id, answered.settlement])

    const { earned } = await market.read.exposureOf([model, operator])
    expect(earned).toBe(answered.settlement.fee)
    const { active } = await staking.read.allocationOf([market.address, model, operator])
    expect(active).toBe(stake)
  })
})

test('attack 12: the same answer twice', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, verifier, operator, model } = fixture
  const answered = await deployAnswered(fixture)
  await verifier.write.refute([market.address, answered.context])

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, answered.context]),
    market,
    'NotAnswered',
    [answered.id, refuted],
  )
  const { active } = await staking.read.allocationOf([market.address, model, operator])
  expect(active).toBe(stake - answered.settlement.reserved)
})

describe('attack 22: new parameters never alter open jobs', () => {
  test('an open job is answered on its own terms', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin } = fixture
    const requested = await requestJob(fixture, { feeMin: dollars(4) })
    await market.write.setParameters([dearest], { account: admin })

    const { settlement } = await answerJob(fixture, requested)

    expect(settlement.protocolFee).toBe(dollars(0.08))
    expect(settlement.reserved).toBe(dollars(8))
  })

  test('a seat is kept, lost and opened again on its own terms', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, rival } = fixture
    const requested = await requestJob(fixture, { feeMin: dollars(4) })
    const sealed = await sealJob(fixture, requested)
    await market.write.setParameters([dearest], { account: admin })
    await networkHelpers.time.increaseTo(sealed.seatUntil)

    await viem.assertions.emitWithArgs(
      market.write.forfeit([sealed.job, sealed.operator, sealed.commitment]),
      market,
      'SeatForfeited',
      [sealed.id, getAddress(sealed.operator), dollars(0.8), dollars(0.8)],
    )

    const { settlement } = await answerJob(fixture, requested, rival)
    expect(settlement.protocolFee).toBe(dollars(0.08))
    expect(settlement.reserved).toBe(dollars(8))
  })

  test('an answer is settled on its own terms', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, operator, model } = fixture
    const answered = await deployAnswered(fixture, { feeMin: dollars(4) })
    await market.write.setParameters([dearest], { account: admin })
    await reachFinality(fixture, answered)
    await market.write.claim([answered.id, answered.settlement])

    const { earned, protocolFee } = await market.read.exposureOf([model, operator])
    expect([earned, protocolFee]).toEqual([dollars(3.92), dollars(0.08)])
  })

  test('only jobs that name the new set can be requested', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, payer } = fixture
    const old = await createJob(fixture)
    await market.write.setParameters([parameters], { account: admin })

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.request([old, '0x'], { account: payer }),
      market,
      'ParametersNotCurrent',
      [1, 2],
    )
    await market.write.request([await createJob(fixture), '0x'], { account: payer })
  })
})

describe('attack 27: a pause', () => {
  test('blocks new requests, and ends', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, payer } = fixture
    const job = await createJob(fixture)

    await viem.assertions.emitWithArgs(
      market.write.setRequestsPaused([true], { account: admin }),
      market,
      'RequestsPaused',
      [true],
    )
    expect(await market.read.requestsPaused()).toBe(true)
    await viem.assertions.revertWithCustomError(
      market.write.request([job, '0x'], { account: payer }),
      market,
      'RequestsArePaused',
    )

    await market.write.setRequestsPaused([false], { account: admin })
    await market.write.request([job, '0x'], { account: payer })
  })

  test('blocks nothing else', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, escrow, verifier, admin, payer, operator, model } = fixture
    const [open, answered, wrong] = [
      await requestJob(fixture),
      await deployAnswered(fixture),
      await deployAnswered(fixture),
    ]
    const expiring = await requestJob(fixture)
    const sealed = await sealJob(fixture, await requestJob(fixture))
    await market.write.setRequestsPaused([true], { account: admin })

    await market.write.request([open.job, '0x'], { account: payer })
    const late = await answerJob(fixture, open)
    await verifier.write.suspend([market.address, late.context])
    await verifier.write.resume([market.address, late.context, 0n])
    await verifier.write.refute([market.address, wrong.context])
    await networkHelpers.time.increase(100)
    await market.write.forfeit([sealed.job, operator, sealed.commitment])
    await market.write.expire([sealed.job])
    await market.write.expire([expiring.job])
    await market.write.claim([answered.id, answered.settlement])
    await market.write.claimMany([[late.id], [late.settlement]])
    await market.write.collect([operator, [model]])
    const balance = await escrow.read.balanceOf([payer, market.address])
    await escrow.write.withdraw([market.address, balance, payer], { account: payer })

    expect(await market.read.reservedOf([model, operator])).toBe(0n)
  })
})
