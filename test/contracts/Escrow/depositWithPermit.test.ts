import { getAddress, maxUint256 } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'
import { signPermit } from '../signatures.ts'

const amount = dollars(7)

/** `deployCore` and the payer's permit for `amount`, without any other allowance. */
async function deployPermitted() {
  const core = await deployCore()
  const { escrow, token, payer } = core
  await token.write.approve([escrow.address, 0n], { account: payer })
  const permit = { owner: payer, spender: escrow.address, value: amount, deadline: maxUint256 }
  return { ...core, signature: await signPermit(token, permit) }
}

test('behavior: deposits for the caller in one transaction', async () => {
  const { escrow, token, payer, outsider, signature } =
    await networkHelpers.loadFixture(deployPermitted)

  await viem.assertions.emitWithArgs(
    escrow.write.depositWithPermit([outsider, amount, maxUint256, ...signature], {
      account: payer,
    }),
    escrow,
    'Deposited',
    [getAddress(payer), getAddress(outsider), getAddress(payer), amount],
  )

  expect(await escrow.read.balanceOf([payer, outsider])).toBe(amount)
  expect(await token.read.allowance([payer, escrow.address])).toBe(0n)
})

test('attack 32: a permit that somebody else submitted first stops nothing', async () => {
  const { escrow, token, payer, outsider, rival, signature } =
    await networkHelpers.loadFixture(deployPermitted)
  await token.write.permit([payer, escrow.address, amount, maxUint256, ...signature], {
    account: rival,
  })

  await escrow.write.depositWithPermit([outsider, amount, maxUint256, ...signature], {
    account: payer,
  })

  expect(await escrow.read.balanceOf([payer, outsider])).toBe(amount)
})

test("attack 32: somebody else's permit does not spend that somebody's tokens", async () => {
  const { escrow, token, outsider, submitter, signature } =
    await networkHelpers.loadFixture(deployPermitted)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.depositWithPermit([outsider, amount, maxUint256, ...signature], {
      account: submitter,
    }),
    token,
    'ERC20InsufficientAllowance',
    [getAddress(escrow.address), 0n, amount],
  )
})

test('error: a permit of the past allows nothing', async () => {
  const { escrow, token, payer, outsider } = await networkHelpers.loadFixture(deployPermitted)
  const deadline = BigInt(await networkHelpers.time.latest()) - 1n
  const permit = { owner: payer, spender: escrow.address, value: amount, deadline }
  const signature = await signPermit(token, permit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.depositWithPermit([outsider, amount, deadline, ...signature], { account: payer }),
    token,
    'ERC20InsufficientAllowance',
    [getAddress(escrow.address), 0n, amount],
  )
})

test('behavior: a permit that burns all gas it gets leaves enough to deposit by allowance', async () => {
  const { payer, outsider, signature, publicClient } =
    await networkHelpers.loadFixture(deployPermitted)
  const token = await viem.deployContract('PermitTrapToken')
  const escrow = await viem.deployContract('Escrow', [token.address])
  await token.write.mint([payer, amount])
  await token.write.approve([escrow.address, amount], { account: payer })

  const hash = await escrow.write.depositWithPermit([outsider, amount, maxUint256, ...signature], {
    account: payer,
    gas: 2n ** 24n,
  })

  expect(await escrow.read.balanceOf([payer, outsider])).toBe(amount)
  const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
  expect(gasUsed).toBeLessThan(400_000n)
})
