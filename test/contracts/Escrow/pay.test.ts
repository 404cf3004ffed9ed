import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDeposit } from './fixtures.ts'

test('behavior: sends out of the pool of the spender that calls', async () => {
  const { escrow, token, payer, spender, outsider } =
    await networkHelpers.loadFixture(deployDeposit)
  await escrow.write.debit([payer, dollars(60)], { account: spender })

  await viem.assertions.emitWithArgs(
    escrow.write.pay([outsider, dollars(60)], { account: spender }),
    escrow,
    'Paid',
    [getAddress(spender), getAddress(outsider), dollars(60)],
  )

  expect(await token.read.balanceOf([outsider])).toBe(dollars(60))
  expect(await escrow.read.poolOf([spender])).toBe(dollars(40))
  expect(await escrow.read.balanceOf([payer, spender])).toBe(dollars(40))
})

test("attack: no spender pays out of another's pool", async () => {
  const { escrow, otherSpender } = await networkHelpers.loadFixture(deployDeposit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.pay([otherSpender, 1n], { account: otherSpender }),
    escrow,
    'InsufficientPool',
    [getAddress(otherSpender), 0n, 1n],
  )
})

test('error: more than the pool, nothing, to nobody', async () => {
  const { escrow, spender, outsider } = await networkHelpers.loadFixture(deployDeposit)
  const account = { account: spender }

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.pay([outsider, dollars(100) + 1n], account),
    escrow,
    'InsufficientPool',
    [getAddress(spender), dollars(100), dollars(100) + 1n],
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.pay([outsider, 0n], account),
    escrow,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    escrow.write.pay([zeroAddress, 1n], account),
    escrow,
    'ZeroAddress',
  )
})
