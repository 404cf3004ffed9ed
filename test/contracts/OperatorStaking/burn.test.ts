import { zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployActiveStake, model, reason } from './fixtures.ts'

test('behavior: anybody burns what slashes left, once', async () => {
  const { staking, token, source, operator, outsider } =
    await networkHelpers.loadFixture(deployActiveStake)
  await source.write.slash([model, operator, dollars(10), zeroAddress, reason])

  await viem.assertions.emitWithArgs(
    staking.write.burn({ account: outsider }),
    staking,
    'StakeBurned',
    [dollars(10)],
  )

  expect(await staking.read.unburned()).toBe(0n)
  expect(await token.read.balanceOf([await staking.read.BURN_ADDRESS()])).toBe(dollars(10))
  expect(await token.read.balanceOf([staking.address])).toBe(dollars(90))
  await viem.assertions.revertWithCustomError(staking.write.burn(), staking, 'ZeroAmount')
})
