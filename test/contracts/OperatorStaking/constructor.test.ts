import { zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import {
  activationDelay,
  deployCore,
  networkHelpers,
  rewardPpm,
  thawDelay,
  viem,
} from '../fixtures.ts'

function deploy(token: `0x${string}`, ppm: bigint) {
  const args = [token, activationDelay, thawDelay, ppm] as const
  return viem.deployContract('OperatorStaking', args).then(({ address }) => address)
}

test('behavior: keeps its terms for good', async () => {
  const { staking, token } = await networkHelpers.loadFixture(deployCore)

  expect((await staking.read.TOKEN()).toLowerCase()).toBe(token.address)
  expect(await staking.read.ACTIVATION_DELAY()).toBe(activationDelay)
  expect(await staking.read.THAW_DELAY()).toBe(thawDelay)
  expect(await staking.read.REWARD_PPM()).toBe(rewardPpm)
})

test('attack 17: no deployment rewards more than half of a slash', async () => {
  const { staking, token } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomErrorWithArgs(
    deploy(token.address, 500_001n),
    staking,
    'RewardTooHigh',
    [500_001n, 500_000n],
  )
  await deploy(token.address, 500_000n)
})

test('error: no token', async () => {
  const { staking } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomError(deploy(zeroAddress, 0n), staking, 'ZeroAddress')
})
