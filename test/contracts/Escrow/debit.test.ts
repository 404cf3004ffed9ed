import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDeposit } from './fixtures.ts'

test("behavior: takes from the payer's balance and leaves the pool as it is", async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)

  await escrow.write.debit([payer, dollars(100)], { account: spender })

  expect(await escrow.read.balanceOf([payer, spender])).toBe(0n)
  expect(await escrow.read.poolOf([spender])).toBe(dollars(100))
})

test('attack: a spender that the payer deposited nothing with takes nothing', async () => {
  const { escrow, payer, otherSpender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.debit([payer, 1n], { account: otherSpender }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(otherSpender), 0n, 1n],
  )
})

test('error: more than the balance', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.debit([payer, dollars(100) + 1n], { account: spender }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(spender), dollars(100), dollars(100) + 1n],
  )
})
