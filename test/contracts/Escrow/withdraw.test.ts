import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDeposit } from './fixtures.ts'

test('behavior: sends free balance at once, to whom the payer names', async () => {
  const { escrow, token, payer, spender, outsider } =
    await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.emitWithArgs(
    escrow.write.withdraw([spender, dollars(30), outsider], { account: payer }),
    escrow,
    'Withdrawn',
    [getAddress(payer), getAddress(spender), getAddress(outsider), dollars(30)],
  )

  expect(await token.read.balanceOf([outsider])).toBe(dollars(30))
  expect(await escrow.read.balanceOf([payer, spender])).toBe(dollars(70))
  expect(await escrow.read.poolOf([spender])).toBe(dollars(70))
})

test('attack 9: what a spender debited cannot be withdrawn from under it', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)
  await escrow.write.debit([payer, dollars(60)], { account: spender })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([spender, dollars(41), payer], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(spender), dollars(40), dollars(41)],
  )
  await escrow.write.withdraw([spender, dollars(40), payer], { account: payer })

  expect(await escrow.read.poolOf([spender])).toBe(dollars(60))
})

test("attack: the payer's balance with another spender, and another payer's, stay put", async () => {
  const { escrow, payer, spender, rival, otherSpender } =
    await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([otherSpender, 1n, payer], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(otherSpender), 0n, 1n],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([spender, 1n, rival], { account: rival }),
    escrow,
    'InsufficientBalance',
    [getAddress(rival), getAddress(spender), 0n, 1n],
  )
})

test('error: nothing, to nobody', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomError(
    escrow.write.withdraw([spender, 0n, payer], { account: payer }),
    escrow,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.withdraw([spender, 1n, zeroAddress], { account: payer }),
    escrow,
    'ZeroAddress',
  )
})
