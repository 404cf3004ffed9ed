import {
  type Address,
  encodeFunctionData,
  getAbiItem,
  getAddress,
  type Hex,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  answerJob,
  createJob,
  deployAnswered,
  deployMarket,
  type MarketFixture,
  maxAnswerWindow,
  parameters,
  reachFinality,
  requestJob,
} from './fixtures.ts'

const executionDelay = 3600
const governorRole = 1n
const guardianRole = 2n

type Parameters = typeof parameters

/** A market governed as the suite is: the governor waits, the guardian pauses at once. */
async function deployGoverned() {
  const fixture = await deployMarket()
  const { market, manager, admin, submitter: governor, refuter: guardian } = fixture
  const selector = (name: 'setParameters' | 'collectProtocolFees' | 'setRequestsPaused') =>
    toFunctionSelector(getAbiItem({ abi: market.abi, name }))
  const governed = [selector('setParameters'), selector('collectProtocolFees')]
  const roles = [
    [governed, governorRole],
    [[selector('setRequestsPaused')], guardianRole],
  ] as const
  const account = { account: admin }
  for (const [selectors, role] of roles) {
    await manager.write.setTargetFunctionRole([market.address, selectors, role], account)
  }
  await manager.write.grantRole([governorRole, governor, executionDelay], account)
  await manager.write.grantRole([guardianRole, guardian, 0], account)
  await manager.write.setRoleGuardian([governorRole, guardianRole], account)
  return { ...fixture, governor, guardian }
}

type GovernedFixture = Awaited<ReturnType<typeof deployGoverned>>

/** What the governor would have the market do. */
function setting({ market }: MarketFixture, changed: Partial<Parameters>): Hex {
  const args = [{ ...parameters, ...changed }] as const
  return encodeFunctionData({ abi: market.abi, functionName: 'setParameters', args })
}

async function schedule({ manager, market, governor }: GovernedFixture, data: Hex) {
  await manager.write.schedule([market.address, data, 0], { account: governor })
  return BigInt(await networkHelpers.time.latest()) + BigInt(executionDelay)
}

async function govern(fixture: GovernedFixture, data: Hex) {
  const { manager, market, governor } = fixture
  await networkHelpers.time.setNextBlockTimestamp(await schedule(fixture, data))
  return manager.write.execute([market.address, data], { account: governor })
}

async function refuseAsUnauthorized(fixture: MarketFixture, call: Promise<unknown>, by: Address) {
  await viem.assertions.revertWithCustomErrorWithArgs(
    call,
    fixture.market,
    'AccessManagedUnauthorized',
    [getAddress(by)],
  )
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployGoverned)
  const { market } = fixture
  const changed = { ...parameters, protocolFeePpm: 30_000, stakeFloor: dollars(7) }

  await viem.assertions.emitWithArgs(
    govern(fixture, setting(fixture, changed)),
    market,
    'ParametersSet',
    [2, changed],
  )

  expect(await market.read.currentParametersId()).toBe(2)
  expect(await market.read.parametersOf([2])).toEqual(changed)
  expect(await market.read.parametersOf([1])).toEqual(parameters)
})

describe('bounds', () => {
  const ranges = [
    { name: 'protocolFeePpm', min: 0, max: 50_000 },
    { name: 'stakeRatioPpm', min: 1_000_000, max: 1_000_000_000 },
    { name: 'commitBondPpm', min: 0, max: 1_000_000 },
    { name: 'seatSeconds', min: 1, max: 600 },
    { name: 'stakeFloor', min: 0n, max: 2n ** 96n - 1n },
  ] as const

  test.each(ranges)('parameters: $name may be $min and $max', async ({ name, min, max }) => {
    const { market, admin } = await networkHelpers.loadFixture(deployMarket)

    for (const given of [min, max]) {
      const changed = { ...parameters, [name]: given }
      await market.write.setParameters([changed], { account: admin })
      const id = await market.read.currentParametersId()
      expect(await market.read.parametersOf([id])).toEqual(changed)
    }
  })

  test.each(ranges)('error: $name beyond $min to $max', async ({ name, min, max }) => {
    const { market, admin } = await networkHelpers.loadFixture(deployMarket)
    const outside = [BigInt(min) - 1n, BigInt(max) + 1n].filter((given) => given >= 0n)

    for (const given of outside) {
      const value = name === 'stakeFloor' ? given : Number(given)
      await viem.assertions.revertWithCustomErrorWithArgs(
        market.write.setParameters([{ ...parameters, [name]: value }], { account: admin }),
        market,
        'ParameterOutOfRange',
        [name, given, BigInt(min), BigInt(max)],
      )
    }
    expect(await market.read.currentParametersId()).toBe(1)
  })

  test('behavior: all of them at once fit beside each other', async () => {
    const { market, admin } = await networkHelpers.loadFixture(deployMarket)
    const lowest = Object.fromEntries(ranges.map(({ name, min }) => [name, min])) as Parameters
    const highest = Object.fromEntries(ranges.map(({ name, max }) => [name, max])) as Parameters

    for (const extreme of [lowest, highest]) {
      await market.write.setParameters([extreme], { account: admin })
      const id = await market.read.currentParametersId()
      expect(await market.read.parametersOf([id])).toEqual(extreme)
    }
  })
})

describe('delay', () => {
  test('error: the governor cannot act at once', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, manager, governor } = fixture

    await viem.assertions.revertWithCustomError(
      market.write.setParameters([parameters], { account: governor }),
      manager,
      'AccessManagerNotScheduled',
    )
  })

  test('behavior: a change is ready when its delay has passed, not a second before', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, manager, governor } = fixture
    const data = setting(fixture, { seatSeconds: 9 })
    const readyAt = await schedule(fixture, data)
    const operation = await manager.read.hashOperation([governor, market.address, data])
    await networkHelpers.time.setNextBlockTimestamp(readyAt - 1n)

    await viem.assertions.revertWithCustomErrorWithArgs(
      manager.write.execute([market.address, data], { account: governor }),
      manager,
      'AccessManagerNotReady',
      [operation],
    )
    await networkHelpers.time.setNextBlockTimestamp(readyAt)
    await manager.write.execute([market.address, data], { account: governor })

    expect((await market.read.parametersOf([2])).seatSeconds).toBe(9)
  })

  test('behavior: the guardian cancels what waits', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, manager, governor, guardian } = fixture
    const data = setting(fixture, { protocolFeePpm: 50_000 })
    const readyAt = await schedule(fixture, data)
    await manager.write.cancel([governor, market.address, data], { account: guardian })
    await networkHelpers.time.setNextBlockTimestamp(readyAt)

    await viem.assertions.revertWithCustomError(
      manager.write.execute([market.address, data], { account: governor }),
      manager,
      'AccessManagerNotScheduled',
    )
  })

  test('error: nobody else sets parameters, pauses or collects', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, payer, operator, outsider, admin, guardian, governor } = fixture

    for (const account of [payer, operator, outsider, admin, guardian]) {
      const call = market.write.setParameters([parameters], { account })
      await refuseAsUnauthorized(fixture, call, account)
      const collection = market.write.collectProtocolFees([account], { account })
      await refuseAsUnauthorized(fixture, collection, account)
    }
    for (const account of [payer, operator, outsider, admin, governor]) {
      const call = market.write.setRequestsPaused([true], { account })
      await refuseAsUnauthorized(fixture, call, account)
    }
  })
})

describe('a late change', () => {
  const harsh = {
    protocolFeePpm: 50_000,
    stakeRatioPpm: 1_000_000_000,
    commitBondPpm: 1_000_000,
    seatSeconds: 600,
    stakeFloor: 2n ** 96n - 1n,
  }

  test('behavior: a job that was requested keeps its set to the end', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, operator, model } = fixture
    const fee = dollars(3)
    const requested = await requestJob(fixture, { feeMin: fee, feeMax: fee })
    await market.write.setParameters([harsh], { account: admin })

    const answered = await answerJob(fixture, requested)

    const { id, settlement } = answered
    expect(settlement).toMatchObject({
      fee: dollars(2.94),
      protocolFee: dollars(0.06),
      reserved: dollars(6),
    })
    await market.write.setParameters([{ ...harsh, protocolFeePpm: 0 }], { account: admin })
    await reachFinality(fixture, answered)
    await market.write.claim([id, settlement])
    expect(await market.read.exposureOf([model, operator])).toEqual({
      reserved: 0n,
      earned: dollars(2.94),
      protocolFee: dollars(0.06),
    })
  })

  test('behavior: an answer that was given is refuted for what it reserved', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, staking, verifier, operator, model } = fixture
    const { settlement, context } = await deployAnswered(fixture)
    const { active } = await staking.read.allocationOf([market.address, model, operator])
    await market.write.setParameters([harsh], { account: admin })

    await verifier.write.refute([market.address, context])

    expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
      active: active - settlement.reserved,
    })
    expect(await market.read.reservedOf([model, operator])).toBe(0n)
  })

  test('error: a new job under a set that is not current', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin, payer } = fixture
    const job = await createJob(fixture)
    await market.write.setParameters([{ ...parameters, seatSeconds: 6 }], { account: admin })

    for (const parametersId of [0, 1, 3, 2 ** 32 - 1]) {
      await viem.assertions.revertWithCustomErrorWithArgs(
        market.write.request([{ ...job, parametersId }, '0x'], { account: payer }),
        market,
        'ParametersNotCurrent',
        [parametersId, 2],
      )
    }
    await market.write.request([{ ...job, parametersId: 2 }, '0x'], { account: payer })
  })

  test('behavior: asking again for a job that lives under an older set is no error', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, escrow, admin, payer } = fixture
    const { job } = await requestJob(fixture)
    await market.write.setParameters([harsh], { account: admin })
    const balance = await escrow.read.balanceOf([payer, market.address])

    await market.write.request([job, '0x'], { account: payer })

    expect(await escrow.read.balanceOf([payer, market.address])).toBe(balance)
  })
})

describe('pause', () => {
  test('behavior: stops new requests, until it ends', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, payer, guardian } = fixture
    const account = guardian
    const job = await createJob(fixture)

    await viem.assertions.emitWithArgs(
      market.write.setRequestsPaused([true], { account }),
      market,
      'RequestsPaused',
      [true],
    )
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.request([job, '0x'], { account: payer }),
      market,
      'RequestsArePaused',
      [],
    )
    await market.write.setRequestsPaused([false], { account })
    await market.write.request([job, '0x'], { account: payer })

    expect(await market.read.requestsPaused()).toBe(false)
  })

  test('behavior: everything already requested goes on, and money comes out', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, escrow, staking, token, verifier, payer, operator, model, guardian } = fixture
    const [open, unanswered] = [await requestJob(fixture), await requestJob(fixture)]
    const wrong = await deployAnswered(fixture)
    await market.write.setRequestsPaused([true], { account: guardian })

    const answered = await answerJob(fixture, open)
    await verifier.write.suspend([market.address, answered.context])
    await verifier.write.resume([market.address, answered.context, 0n])
    await verifier.write.refute([market.address, wrong.context])
    await networkHelpers.time.increase(maxAnswerWindow)
    await market.write.expire([unanswered.job])
    await market.write.claim([answered.id, answered.settlement])
    const earned = await token.read.balanceOf([operator])
    await market.write.collect([operator, [model]])

    const { fee, protocolFee } = answered.settlement
    expect(await token.read.balanceOf([operator])).toBe(earned + fee)
    const balance = dollars(5000) - fee - protocolFee
    expect(await escrow.read.balanceOf([payer, market.address])).toBe(balance)
    await escrow.write.withdraw([market.address, balance, payer], { account: payer })
    const { active } = await staking.read.allocationOf([market.address, model, operator])
    expect(active).toBe(dollars(1000) - wrong.settlement.reserved)
    await staking.write.thaw([market.address, model, active], { account: operator })
    expect(await staking.read.allocationOf([market.address, model, operator])).toMatchObject({
      active: 0n,
      thawing: active,
    })
  })
})

describe('protocol fees', () => {
  test.each([
    { protocolFeePpm: 0, part: 0n },
    { protocolFeePpm: 1, part: 3n },
    { protocolFeePpm: 50_000, part: dollars(0.15) },
  ])('behavior: $protocolFeePpm parts per million of a fee are $part', async (row) => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, admin } = fixture
    const { protocolFeePpm, part } = row
    await market.write.setParameters([{ ...parameters, protocolFeePpm }], { account: admin })

    const fee = dollars(3) + 1n
    const { settlement } = await deployAnswered(fixture, { feeMin: fee, feeMax: fee })

    expect(settlement).toMatchObject({ protocolFee: part, fee: fee - part, escrowed: fee })
  })

  test('behavior: they are collected once the operator has collected, and once', async () => {
    const fixture = await networkHelpers.loadFixture(deployGoverned)
    const { market, escrow, token, operator, model, outsider } = fixture
    const answered = await deployAnswered(fixture)
    const { id, settlement } = answered
    await reachFinality(fixture, answered)
    await market.write.claim([id, settlement])
    expect(await market.read.protocolFees()).toBe(0n)
    await market.write.collect([operator, [model]])
    expect(await market.read.protocolFees()).toBe(settlement.protocolFee)
    const pool = await escrow.read.poolOf([market.address])
    const args = [outsider] as const
    const data = encodeFunctionData({ abi: market.abi, functionName: 'collectProtocolFees', args })

    await viem.assertions.emitWithArgs(govern(fixture, data), market, 'ProtocolFeesCollected', [
      getAddress(outsider),
      settlement.protocolFee,
    ])
    await govern(fixture, data)

    expect(await market.read.protocolFees()).toBe(0n)
    expect(await token.read.balanceOf([outsider])).toBe(settlement.protocolFee)
    expect(await escrow.read.poolOf([market.address])).toBe(pool - settlement.protocolFee)
  })

  test('error: to nobody', async () => {
    const { market, admin } = await networkHelpers.loadFixture(deployMarket)

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.collectProtocolFees([zeroAddress], { account: admin }),
      market,
      'ZeroAddress',
      [],
    )
  })
})
