import { type Address, encodeFunctionData, type Hex, keccak256, maxUint256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { approveAll, deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'
import { escrowNonce, signAuthorization, signPermit } from '../signatures.ts'

const amount = dollars(100)
const received = dollars(99)

/** An escrow of a token that keeps a hundredth of every transfer. */
async function deployFeeEscrow() {
  const core = await deployCore()
  const token = await viem.deployContract('FeeToken')
  const escrow = await viem.deployContract('Escrow', [token.address])
  await token.write.mint([core.payer, amount])
  return { ...core, token, escrow }
}

/** An escrow of a token that re-enters as itself, with `amount` of its own deposited and as much to go. */
async function deployHookEscrow() {
  const core = await deployCore()
  const token = await viem.deployContract('HookToken')
  const escrow = await viem.deployContract('Escrow', [token.address])
  await networkHelpers.impersonateAccount(token.address)
  await networkHelpers.setBalance(token.address, 10n ** 18n)
  for (const holder of [core.payer, token.address]) {
    await token.write.mint([holder, 2n * amount])
    await approveAll(token, [holder], [escrow.address])
    await escrow.write.deposit([holder, holder, amount], { account: holder })
  }

  function arm(payload: Hex, isTransferSkipped = false) {
    return token.write.arm([escrow.address, payload, isTransferSkipped])
  }

  return { ...core, token, escrow, arm }
}

test('attack 24: a fee-on-transfer token is refused by allowance', async () => {
  const { escrow, token, payer, outsider } = await networkHelpers.loadFixture(deployFeeEscrow)
  await token.write.approve([escrow.address, amount], { account: payer })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.deposit([payer, outsider, amount], { account: payer }),
    escrow,
    'TokenAmountMismatch',
    [received, amount],
  )
})

test('attack 24: a fee-on-transfer token is refused by permit', async () => {
  const { escrow, token, payer, outsider } = await networkHelpers.loadFixture(deployFeeEscrow)
  const permit = { owner: payer, spender: escrow.address, value: amount, deadline: maxUint256 }
  const signature = await signPermit(token, permit)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.depositWithPermit([outsider, amount, maxUint256, ...signature], {
      account: payer,
    }),
    escrow,
    'TokenAmountMismatch',
    [received, amount],
  )
})

test('attack 24: a fee-on-transfer token is refused by authorization', async () => {
  const { escrow, token, payer, outsider } = await networkHelpers.loadFixture(deployFeeEscrow)
  const salt = keccak256(toHex('salt'))
  const validBefore = 2n ** 40n
  const signature = await signAuthorization(token, {
    from: payer,
    to: escrow.address,
    value: amount,
    validAfter: 0n,
    validBefore,
    nonce: escrowNonce(outsider, salt),
  })

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.depositWithAuthorization([
      payer,
      outsider,
      amount,
      0n,
      validBefore,
      salt,
      ...signature,
    ]),
    escrow,
    'TokenAmountMismatch',
    [received, amount],
  )
})

/** Calls by which a token could try to be paid, or counted, twice. */
function reentries(token: Address) {
  return [
    { functionName: 'deposit', args: [token, token, amount] },
    { functionName: 'withdraw', args: [token, amount, token] },
    { functionName: 'pay', args: [token, amount] },
  ] as const
}

test.each([0, 1, 2])('attack 23: no token re-enters a deposit (%i)', async (index) => {
  const { escrow, token, payer, arm } = await networkHelpers.loadFixture(deployHookEscrow)
  const call = reentries(token.address)[index]!
  await arm(encodeFunctionData({ abi: escrow.abi, ...call }), true)

  await viem.assertions.revertWithCustomError(
    escrow.write.deposit([payer, token.address, amount], { account: payer }),
    escrow,
    'ReentrancyGuardReentrantCall',
  )
})

test.each([0, 1, 2])('attack 23: no token re-enters a withdrawal (%i)', async (index) => {
  const { escrow, token, payer, arm } = await networkHelpers.loadFixture(deployHookEscrow)
  const call = reentries(token.address)[index]!
  await arm(encodeFunctionData({ abi: escrow.abi, ...call }))

  await viem.assertions.revertWithCustomError(
    escrow.write.withdraw([payer, amount, payer], { account: payer }),
    escrow,
    'ReentrancyGuardReentrantCall',
  )
})

test.each([0, 1, 2])('attack 23: no token re-enters a payment (%i)', async (index) => {
  const { escrow, token, payer, arm } = await networkHelpers.loadFixture(deployHookEscrow)
  const call = reentries(token.address)[index]!
  await arm(encodeFunctionData({ abi: escrow.abi, ...call }))

  await viem.assertions.revertWithCustomError(
    escrow.write.pay([payer, amount], { account: payer }),
    escrow,
    'ReentrancyGuardReentrantCall',
  )
})

test('attack 23: in the middle of a withdrawal the money is gone from the books already', async () => {
  const { escrow, token, payer, arm } = await networkHelpers.loadFixture(deployHookEscrow)
  const debit = { functionName: 'debit', args: [token.address, amount] } as const
  await arm(encodeFunctionData({ abi: escrow.abi, ...debit }))

  await viem.assertions.revertWithCustomError(
    escrow.write.withdraw([token.address, amount, payer], { account: token.address }),
    escrow,
    'InsufficientBalance',
  )

  expect(await escrow.read.balanceOf([token.address, token.address])).toBe(amount)
})
