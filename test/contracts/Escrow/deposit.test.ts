import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'

test('behavior: credits the payer with the spender, and the pool of the spender', async () => {
  const { escrow, token, payer, rival, outsider } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.emitWithArgs(
    escrow.write.deposit([rival, outsider, dollars(7)], { account: payer }),
    escrow,
    'Deposited',
    [getAddress(rival), getAddress(outsider), getAddress(payer), dollars(7)],
  )

  expect(await escrow.read.balanceOf([rival, outsider])).toBe(dollars(7))
  expect(await escrow.read.balanceOf([payer, outsider])).toBe(0n)
  expect(await escrow.read.poolOf([outsider])).toBe(dollars(7))
  expect(await token.read.balanceOf([escrow.address])).toBe(dollars(7))
})

test('error: the payer approved less', async () => {
  const { escrow, token, payer, outsider } = await networkHelpers.loadFixture(deployCore)
  await token.write.approve([escrow.address, dollars(6)], { account: payer })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.deposit([payer, outsider, dollars(7)], { account: payer }),
    token,
    'ERC20InsufficientAllowance',
    [getAddress(escrow.address), dollars(6), dollars(7)],
  )
})

test('error: nothing, for nobody, with nobody', async () => {
  const { escrow, payer, outsider } = await networkHelpers.loadFixture(deployCore)
  const account = { account: payer }

  await viem.assertions.revertWithCustomError(
    escrow.write.deposit([payer, outsider, 0n], account),
    escrow,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.deposit([zeroAddress, outsider, 1n], account),
    escrow,
    'ZeroAddress',
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.deposit([payer, zeroAddress, 1n], account),
    escrow,
    'ZeroAddress',
  )
})
