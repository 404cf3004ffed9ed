import { encodeFunctionData, getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployActiveStake, deployStake, model } from './fixtures.ts'

test('behavior: free stake leaves at once, to whom the operator names', async () => {
  const { staking, token, operator, outsider } = await networkHelpers.loadFixture(deployStake)

  await viem.assertions.emitWithArgs(
    staking.write.withdraw([dollars(30), outsider], { account: operator }),
    staking,
    'StakeWithdrawn',
    [getAddress(operator), getAddress(outsider), dollars(30)],
  )

  expect(await token.read.balanceOf([outsider])).toBe(dollars(30))
  expect(await staking.read.freeOf([operator])).toBe(dollars(70))
})

test('attack 10: allocated, active and thawing stake cannot be withdrawn', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)
  const account = { account: operator }
  await staking.write.thaw([source.address, model, dollars(40)], account)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.withdraw([1n, operator], account),
    staking,
    'InsufficientFreeStake',
    [getAddress(operator), 0n, 1n],
  )
})

test('error: nothing, to nobody', async () => {
  const { staking, operator } = await networkHelpers.loadFixture(deployStake)

  await viem.assertions.revertWithCustomError(
    staking.write.withdraw([0n, operator], { account: operator }),
    staking,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    staking.write.withdraw([1n, zeroAddress], { account: operator }),
    staking,
    'ZeroAddress',
  )
})

test('attack 23: no token re-enters', async () => {
  const { operator } = await networkHelpers.loadFixture(deployStake)
  const token = await viem.deployContract('HookToken')
  const staking = await viem.deployContract('OperatorStaking', [token.address, 0n, 0n, 0n])
  await token.write.mint([operator, dollars(100)])
  await token.write.approve([staking.address, dollars(100)], { account: operator })
  await staking.write.deposit([operator, dollars(50)], { account: operator })
  const reentries = [
    { functionName: 'deposit', args: [operator, dollars(50)] },
    { functionName: 'withdraw', args: [dollars(50), operator] },
    { functionName: 'withdrawReward', args: [operator] },
    { functionName: 'burn' },
  ] as const

  for (const call of reentries) {
    const payload = encodeFunctionData({ abi: staking.abi, ...call })
    await token.write.arm([staking.address, payload, true])
    await viem.assertions.revertWithCustomError(
      staking.write.deposit([operator, dollars(50)], { account: operator }),
      staking,
      'ReentrancyGuardReentrantCall',
    )
    await token.write.arm([staking.address, payload, false])
    await viem.assertions.revertWithCustomError(
      staking.write.withdraw([dollars(50), operator], { account: operator }),
      staking,
      'ReentrancyGuardReentrantCall',
    )
  }
})
