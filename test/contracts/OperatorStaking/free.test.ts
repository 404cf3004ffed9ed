import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, thawDelay, viem } from '../fixtures.ts'
import { deployActiveStake, model } from './fixtures.ts'

const now = 2_000_000_000n
const thawedAt = now + thawDelay

async function deployThawingStake() {
  const stake = await deployActiveStake()
  const { staking, source, operator } = stake
  await networkHelpers.time.setNextBlockTimestamp(now)
  await staking.write.thaw([source.address, model, dollars(40)], { account: operator })
  return stake
}

test('error: a second before its time', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployThawingStake)
  await networkHelpers.time.setNextBlockTimestamp(thawedAt - 1n)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.free([source.address, model, operator]),
    staking,
    'ThawTooEarly',
    [thawedAt, thawedAt - 1n],
  )
})

test.each([0n, 1n])('behavior: anybody frees %i seconds after its time', async (seconds) => {
  const { staking, source, operator, outsider } =
    await networkHelpers.loadFixture(deployThawingStake)
  await networkHelpers.time.setNextBlockTimestamp(thawedAt + seconds)

  await viem.assertions.emitWithArgs(
    staking.write.free([source.address, model, operator], { account: outsider }),
    staking,
    'StakeFreed',
    [getAddress(operator), getAddress(source.address), model, dollars(40)],
  )

  expect(await staking.read.freeOf([operator])).toBe(dollars(40))
  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(60), dollars(60)])
})

test('error: twice', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployThawingStake)
  await networkHelpers.time.setNextBlockTimestamp(thawedAt)
  await staking.write.free([source.address, model, operator])

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.free([source.address, model, operator]),
    staking,
    'NothingThawing',
    [getAddress(operator)],
  )
})
