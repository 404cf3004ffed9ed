import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployActiveStake, deployStake, model } from './fixtures.ts'

const now = 2_000_000_000n
const activeAt = now + activationDelay

async function deployPendingStake() {
  const stake = await deployStake()
  const { staking, source, operator } = stake
  await networkHelpers.time.setNextBlockTimestamp(now)
  await staking.write.allocate([source.address, model, dollars(40)], { account: operator })
  return stake
}

test('error: a second before its time', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployPendingStake)
  await networkHelpers.time.setNextBlockTimestamp(activeAt - 1n)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.activate([source.address, model, operator]),
    staking,
    'ActivationTooEarly',
    [activeAt, activeAt - 1n],
  )
})

test.each([0n, 1n])('behavior: anybody activates %i seconds after its time', async (seconds) => {
  const { staking, source, operator, outsider } =
    await networkHelpers.loadFixture(deployPendingStake)
  await networkHelpers.time.setNextBlockTimestamp(activeAt + seconds)

  await viem.assertions.emitWithArgs(
    staking.write.activate([source.address, model, operator], { account: outsider }),
    staking,
    'StakeActivated',
    [getAddress(operator), getAddress(source.address), model, dollars(40), dollars(40)],
  )

  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(40), dollars(40)])
})

test('behavior: the total counts every operator of the source, and no other source', async () => {
  const { staking, source, operator, rival } = await networkHelpers.loadFixture(deployActiveStake)
  const other = await viem.deployContract('TestSource', [staking.address])
  await staking.write.deposit([rival, dollars(80)], { account: rival })
  await staking.write.allocate([source.address, model, dollars(50)], { account: rival })
  await staking.write.allocate([other.address, model, dollars(30)], { account: rival })
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([source.address, model, rival])
  await staking.write.activate([other.address, model, rival])

  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(100), dollars(150)])
  expect(await source.read.weightsOf([model, rival])).toEqual([dollars(50), dollars(150)])
  expect(await other.read.weightsOf([model, rival])).toEqual([dollars(30), dollars(30)])
  expect(await staking.read.totalActive([source.address, model])).toBe(dollars(150))
})

test('error: twice', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.activate([source.address, model, operator]),
    staking,
    'NothingPending',
    [getAddress(operator)],
  )
})
