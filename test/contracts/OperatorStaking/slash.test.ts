import { type Address, getAddress, maxUint256, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, dollars, networkHelpers, thawDelay, viem } from '../fixtures.ts'
import { deployActiveStake, deployMixedStake, model, reason } from './fixtures.ts'

type Mixed = Awaited<ReturnType<typeof deployMixedStake>>

async function partsOf({ staking, source, operator }: Mixed) {
  const { active, thawing, pending } = await staking.read.allocationOf([
    source.address,
    model,
    operator,
  ])
  return { active, thawing, pending }
}

function slash({ source, operator }: Mixed, amount: bigint, refuter: Address) {
  return source.write.slash([model, operator, amount, refuter, reason])
}

test('behavior: the refuter earns its part and the rest waits to be burned', async () => {
  const stake = await networkHelpers.loadFixture(deployActiveStake)
  const { staking, source, operator, refuter } = stake

  await viem.assertions.emitWithArgs(slash(stake, dollars(10), refuter), staking, 'StakeSlashed', [
    getAddress(operator),
    getAddress(source.address),
    model,
    reason,
    getAddress(refuter),
    dollars(10),
    dollars(10),
    dollars(3),
  ])

  expect(await staking.read.rewardOf([refuter])).toBe(dollars(3))
  expect(await staking.read.unburned()).toBe(dollars(7))
  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(90), dollars(90)])
})

test('behavior: a slash without a refuter burns everything', async () => {
  const stake = await networkHelpers.loadFixture(deployActiveStake)

  await slash(stake, dollars(10), zeroAddress)

  expect(await stake.staking.read.unburned()).toBe(dollars(10))
  expect(await stake.staking.read.rewardOf([zeroAddress])).toBe(0n)
})

test.each([
  { amount: 49, active: 1, thawing: 30, pending: 20 },
  { amount: 50, active: 0, thawing: 30, pending: 20 },
  { amount: 51, active: 0, thawing: 29, pending: 20 },
  { amount: 80, active: 0, thawing: 0, pending: 20 },
  { amount: 81, active: 0, thawing: 0, pending: 19 },
  { amount: 100, active: 0, thawing: 0, pending: 0 },
])(
  'behavior: $amount of 50 active, 30 thawing and 20 pending leaves $active, $thawing, $pending',
  async (sample) => {
    const stake = await networkHelpers.loadFixture(deployMixedStake)

    await slash(stake, dollars(sample.amount), stake.refuter)

    expect(await partsOf(stake)).toEqual({
      active: dollars(sample.active),
      thawing: dollars(sample.thawing),
      pending: dollars(sample.pending),
    })
    expect(await stake.staking.read.totalActive([stake.source.address, model])).toBe(
      dollars(sample.active),
    )
  },
)

test.each([dollars(100) + 1n, maxUint256])(
  'attack 11: a slash of %i, more than the stake, takes what is there',
  async (amount) => {
    const stake = await networkHelpers.loadFixture(deployMixedStake)
    const { staking, source, operator, refuter } = stake

    await viem.assertions.emitWithArgs(slash(stake, amount, refuter), staking, 'StakeSlashed', [
      getAddress(operator),
      getAddress(source.address),
      model,
      reason,
      getAddress(refuter),
      amount,
      dollars(100),
      dollars(30),
    ])

    expect(await partsOf(stake)).toEqual({ active: 0n, thawing: 0n, pending: 0n })
  },
)

test('attack 11: a slash of nothing, or where nothing is, does not revert', async () => {
  const stake = await networkHelpers.loadFixture(deployActiveStake)
  const { staking, source, rival, refuter } = stake

  await slash(stake, 0n, refuter)
  await source.write.slash([model, rival, dollars(1), refuter, reason])

  expect(await staking.read.rewardOf([refuter])).toBe(0n)
  expect(await staking.read.unburned()).toBe(0n)
})

test('attack 11: thawing right before a slash saves nothing', async () => {
  const stake = await networkHelpers.loadFixture(deployActiveStake)
  const { staking, source, operator, refuter } = stake
  await staking.write.thaw([source.address, model, dollars(100)], { account: operator })
  await networkHelpers.time.increase(thawDelay)

  await slash(stake, dollars(100), refuter)

  expect(await staking.read.unburned()).toBe(dollars(70))
  await viem.assertions.revertWithCustomError(
    staking.write.free([source.address, model, operator]),
    staking,
    'NothingThawing',
  )
})

test('attack 12: a second slash takes the same amount, not the same part', async () => {
  const stake = await networkHelpers.loadFixture(deployActiveStake)
  const { staking, source, operator, refuter } = stake

  await slash(stake, dollars(60), refuter)
  await slash(stake, dollars(40), refuter)
  await slash(stake, dollars(40), refuter)

  expect(await source.read.weightsOf([model, operator])).toEqual([0n, 0n])
  expect(await staking.read.rewardOf([refuter])).toBe(dollars(30))
  expect(await staking.read.unburned()).toBe(dollars(70))
})

test('attack 8: a source that the operator did not choose takes nothing', async () => {
  const { staking, operator, outsider } = await networkHelpers.loadFixture(deployActiveStake)

  await staking.write.slash([model, operator, dollars(100), outsider, reason], {
    account: outsider,
  })

  expect(await staking.read.rewardOf([outsider])).toBe(0n)
  expect(await staking.read.unburned()).toBe(0n)
})

test('attack 8: a source takes nothing from other sources, models or free stake', async () => {
  const { staking, source, operator, rival, outsider } =
    await networkHelpers.loadFixture(deployActiveStake)
  const otherModel = reason
  await staking.write.deposit([rival, dollars(30)], { account: rival })
  await staking.write.allocate([outsider, model, dollars(10)], { account: rival })
  await staking.write.allocate([source.address, otherModel, dollars(10)], { account: rival })

  await source.write.slash([model, rival, maxUint256, outsider, reason])

  expect(await staking.read.unburned()).toBe(0n)
  expect(await staking.read.freeOf([rival])).toBe(dollars(10))
  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(100), dollars(100)])
})

test('attack 17: slashing oneself is no exit: at least half is burned, even at the highest reward', async () => {
  const { token, operator, outsider } = await networkHelpers.loadFixture(deployActiveStake)
  const args = [token.address, activationDelay, thawDelay, 500_000n] as const
  const staking = await viem.deployContract('OperatorStaking', args)
  await token.write.approve([staking.address, dollars(100)], { account: operator })
  await staking.write.deposit([operator, dollars(100) - 1n], { account: operator })
  await staking.write.allocate([outsider, model, dollars(100) - 1n], { account: operator })

  await staking.write.slash([model, operator, maxUint256, operator, reason], { account: outsider })

  expect(await staking.read.rewardOf([operator])).toBe(dollars(50) - 1n)
  expect(await staking.read.unburned()).toBe(dollars(50))
})
