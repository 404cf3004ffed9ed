import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployActiveStake, model, reason } from './fixtures.ts'

async function deployReward() {
  const stake = await deployActiveStake()
  const { source, operator, refuter } = stake
  await source.write.slash([model, operator, dollars(10), refuter, reason])
  return stake
}

test('behavior: sends the whole reward to whom the refuter names', async () => {
  const { staking, token, refuter, outsider } = await networkHelpers.loadFixture(deployReward)

  await viem.assertions.emitWithArgs(
    staking.write.withdrawReward([outsider], { account: refuter }),
    staking,
    'RewardWithdrawn',
    [getAddress(refuter), getAddress(outsider), dollars(3)],
  )

  expect(await token.read.balanceOf([outsider])).toBe(dollars(3))
  expect(await staking.read.rewardOf([refuter])).toBe(0n)
})

test('error: twice, to nobody', async () => {
  const { staking, refuter } = await networkHelpers.loadFixture(deployReward)
  const account = { account: refuter }

  await viem.assertions.revertWithCustomError(
    staking.write.withdrawReward([zeroAddress], account),
    staking,
    'ZeroAddress',
  )
  await staking.write.withdrawReward([refuter], account)
  await viem.assertions.revertWithCustomError(
    staking.write.withdrawReward([refuter], account),
    staking,
    'ZeroAmount',
  )
})
