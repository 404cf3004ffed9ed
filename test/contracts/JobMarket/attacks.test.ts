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

test('attack 9: a payer cannot take back what an open job escrowed', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator, model } = fixture
  const requested = await requestJob(fixture)
  const free = await escrow.read.balanceOf([payer, market.address])
  const wanted = free + requested.job.feeMax

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([market.address, wanted, payer], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(market.address), free, wanted],
  )
  await escrow.write.withdraw([market.address, free, payer], { account: payer })

  const answered = await answerJob(fixture, requested)
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  await market.write.collect([operator, [model]])
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

test('attack 13: stake that comes after an answer is not at risk for it', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, verifier, operator, model } = fixture
  const answered = await deployAnswered(fixture, { challengeWindow })
  await staking.write.deposit([operator, stake], { account: operator })
  await staking.write.allocate([market.address, model, stake], { account: operator })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([market.address, model, operator])

  await verifier.write.refute([market.address, answered.context])

  const { active } = await staking.read.allocationOf([market.address, model, operator])
  expect(active).toBe(2n * stake - answered.settlement.reserved)
})

test('attack 18: a challenge of an answer that a reorganisation replaced hits nobody', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, verifier, rival } = fixture
  const requested = await requestJob(fixture)
  const fork = await networkHelpers.takeSnapshot()
  const orphaned = await answerJob(fixture, requested)
  await fork.restore()
  const answered = await answerJob(fixture, requested, rival)

  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.refute([market.address, orphaned.context]),
    market,
    'SettlementMismatch',
    [answered.id],
  )
  await verifier.write.refute([market.address, answered.context])
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

test('attack 25: whoever pays itself gains nothing but a smaller purse', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, token, operator, model } = fixture
  await escrow.write.deposit([operator, market.address, dollars(4)], { account: operator })
  const before = await token.read.balanceOf([operator])

  const answered = await deployAnswered(fixture, { payer: operator, feeMin: dollars(4) })
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  await market.write.collect([operator, [model]])

  const gained = (await token.read.balanceOf([operator])) - before
  expect(gained).toBe(dollars(4) - answered.settlement.protocolFee)
  expect(await escrow.read.balanceOf([operator, market.address])).toBe(0n)
})

test('attack 28: stake that comes after a request opens no slot of it earlier', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, staking, rival, model } = fixture
  const { job } = await requestJob(fixture, { tau: 30 })
  const slot = () => market.read.slotOf([job, rival], { blockTag: 'pending' })
  const before = await slot()
  await staking.write.deposit([rival, 5n * stake], { account: rival })
  await staking.write.allocate([market.address, model, 5n * stake], { account: rival })
  await networkHelpers.time.increaseTo(job.deadline - 1n)

  const { activeAt } = await staking.read.allocationOf([market.address, model, rival])
  expect(activeAt).toBeGreaterThanOrEqual(job.deadline)
  await viem.assertions.revertWithCustomError(
    staking.write.activate([market.address, model, rival]),
    staking,
    'ActivationTooEarly',
  )
  expect(await slot()).toBe(before)
})
