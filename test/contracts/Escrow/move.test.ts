import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDeposit } from './fixtures.ts'

test('behavior: moves balance and pool from one spender to another', async () => {
  const { escrow, payer, spender, otherSpender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.emitWithArgs(
    escrow.write.move([spender, otherSpender, dollars(30)], { account: payer }),
    escrow,
    'Moved',
    [getAddress(payer), getAddress(spender), getAddress(otherSpender), dollars(30)],
  )

  expect(await escrow.read.balanceOf([payer, spender])).toBe(dollars(70))
  expect(await escrow.read.balanceOf([payer, otherSpender])).toBe(dollars(30))
  expect(await escrow.read.poolOf([spender])).toBe(dollars(70))
  expect(await escrow.read.poolOf([otherSpender])).toBe(dollars(30))
})

test('behavior: a move to where the money is changes nothing', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)

  await escrow.write.move([spender, spender, dollars(30)], { account: payer })

  expect(await escrow.read.balanceOf([payer, spender])).toBe(dollars(100))
  expect(await escrow.read.poolOf([spender])).toBe(dollars(100))
})

test('attack 9: what a spender debited cannot be moved from under it', async () => {
  const { escrow, payer, spender, otherSpender } = await networkHelpers.loadFixture(deployDeposit)
  await escrow.write.debit([payer, dollars(100)], { account: spender })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.move([spender, otherSpender, 1n], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(spender), 0n, 1n],
  )
})

test('error: nothing, to nobody', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomError(
    escrow.write.move([spender, spender, 0n], { account: payer }),
    escrow,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.move([spender, zeroAddress, 1n], { account: payer }),
    escrow,
    'ZeroAddress',
  )
})
