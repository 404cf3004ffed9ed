import { getAddress, maxUint256, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'
import { signPermit } from '../signatures.ts'

const amount = dollars(7)

test('behavior: anybody may add to the free stake of an operator', async () => {
  const { staking, token, operator, rival } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.emitWithArgs(
    staking.write.deposit([operator, amount], { account: rival }),
    staking,
    'StakeDeposited',
    [getAddress(operator), getAddress(rival), amount],
  )

  expect(await staking.read.freeOf([operator])).toBe(amount)
  expect(await staking.read.freeOf([rival])).toBe(0n)
  expect(await token.read.balanceOf([staking.address])).toBe(amount)
})

test('error: nothing, for nobody', async () => {
  const { staking, operator } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomError(
    staking.write.deposit([operator, 0n], { account: operator }),
    staking,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    staking.write.deposit([zeroAddress, 1n], { account: operator }),
    staking,
    'ZeroAddress',
  )
})

test('attack 24: a fee-on-transfer token is refused', async () => {
  const { operator } = await networkHelpers.loadFixture(deployCore)
  const token = await viem.deployContract('FeeToken')
  const staking = await viem.deployContract('OperatorStaking', [token.address, 0n, 0n, 0n])
  await token.write.mint([operator, amount])
  await token.write.approve([staking.address, amount], { account: operator })

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.deposit([operator, amount], { account: operator }),
    staking,
    'TokenAmountMismatch',
    [dollars(6.93), amount],
  )
})

test('attack 32: a permit works in one transaction, and when somebody submitted it first', async () => {
  const { staking, token, operator, rival } = await networkHelpers.loadFixture(deployCore)
  await token.write.approve([staking.address, 0n], { account: operator })
  const permit = { owner: operator, spender: staking.address, value: amount, deadline: maxUint256 }

  const first = await signPermit(token, permit)
  await staking.write.depositWithPermit([amount, maxUint256, ...first], { account: operator })
  const second = await signPermit(token, permit)
  await token.write.permit([operator, staking.address, amount, maxUint256, ...second], {
    account: rival,
  })
  await staking.write.depositWithPermit([amount, maxUint256, ...second], { account: operator })

  expect(await staking.read.freeOf([operator])).toBe(2n * amount)
})
