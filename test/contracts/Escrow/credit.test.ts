import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDeposit } from './fixtures.ts'

test('behavior: gives back what was debited, to be withdrawn', async () => {
  const { escrow, payer, spender } = await networkHelpers.loadFixture(deployDeposit)
  await escrow.write.debit([payer, dollars(100)], { account: spender })

  await escrow.write.credit([payer, dollars(40)], { account: spender })

  expect(await escrow.read.balanceOf([payer, spender])).toBe(dollars(40))
  expect(await escrow.read.poolOf([spender])).toBe(dollars(100))
  await escrow.write.withdraw([spender, dollars(40), payer], { account: payer })
})

test('attack: a spender that credits what it never had can pay it out of its own pool only', async () => {
  const { escrow, token, rival, spender, otherSpender } =
    await networkHelpers.loadFixture(deployDeposit)
  await escrow.write.credit([rival, dollars(50)], { account: otherSpender })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([otherSpender, dollars(50), rival], { account: rival }),
    escrow,
    'InsufficientPool',
    [getAddress(otherSpender), 0n, dollars(50)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.move([otherSpender, spender, dollars(50)], { account: rival }),
    escrow,
    'InsufficientPool',
    [getAddress(otherSpender), 0n, dollars(50)],
  )

  expect(await escrow.read.poolOf([spender])).toBe(dollars(100))
  expect(await token.read.balanceOf([escrow.address])).toBe(dollars(100))
})
