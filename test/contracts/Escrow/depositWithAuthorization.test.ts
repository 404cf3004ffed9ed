import { getAddress, type Hex, keccak256, maxUint48, toHex } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'
import { escrowNonce, signAuthorization } from '../signatures.ts'

const amount = dollars(7)
const salt = keccak256(toHex('salt'))

type Window = { validAfter: bigint; validBefore: bigint }
const always = { validAfter: 0n, validBefore: maxUint48 >> 1n }

/** `deployCore` and a deposit that the payer authorized, without allowance. */
async function deployAuthorized() {
  const core = await deployCore()
  const { escrow, token, payer, outsider: spender } = core
  await token.write.approve([escrow.address, 0n], { account: payer })

  async function authorize({ validAfter, validBefore }: Window) {
    const nonce = escrowNonce(spender, salt)
    const authorization = { from: payer, to: escrow.address, value: amount, nonce }
    const signature = await signAuthorization(token, { ...authorization, validAfter, validBefore })
    return [payer, spender, amount, validAfter, validBefore, salt, ...signature] as const
  }

  return { ...core, spender, authorize }
}

test('behavior: deposits for the signer, whoever submits', async () => {
  const { escrow, payer, spender, submitter, authorize } =
    await networkHelpers.loadFixture(deployAuthorized)

  await viem.assertions.emitWithArgs(
    escrow.write.depositWithAuthorization(await authorize(always), { account: submitter }),
    escrow,
    'Deposited',
    [getAddress(payer), getAddress(spender), getAddress(payer), amount],
  )

  expect(await escrow.read.balanceOf([payer, spender])).toBe(amount)
  expect(await escrow.read.poolOf([spender])).toBe(amount)
})

test('attack: a submitter cannot redirect the money to another spender, payer, amount or salt', async () => {
  const { escrow, token, rival, submitter, authorize } =
    await networkHelpers.loadFixture(deployAuthorized)
  const [payer, spender, value, after, before, , v, r, s] = await authorize(always)
  const account = { account: submitter }
  const other: Hex = keccak256(toHex('other'))

  const forgeries = [
    [payer, rival, value, after, before, salt, v, r, s],
    [rival, spender, value, after, before, salt, v, r, s],
    [payer, spender, value + 1n, after, before, salt, v, r, s],
    [payer, spender, value, after, before, other, v, r, s],
  ] as const
  for (const forgery of forgeries) {
    await viem.assertions.revertWithCustomError(
      escrow.write.depositWithAuthorization(forgery, account),
      token,
      'ERC3009InvalidSignature',
    )
  }
})

test('attack: an authorization is good for one deposit', async () => {
  const { escrow, token, payer, spender, authorize } =
    await networkHelpers.loadFixture(deployAuthorized)
  const authorization = await authorize(always)
  await escrow.write.depositWithAuthorization(authorization)

  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.depositWithAuthorization(authorization),
    token,
    'ERC3009UsedAuthorization',
    [getAddress(payer), escrowNonce(spender, salt)],
  )
})

test('attack: nobody can use the authorization up outside the escrow', async () => {
  const { escrow, token, payer, spender, rival, authorize } =
    await networkHelpers.loadFixture(deployAuthorized)
  const [, , value, after, before, , v, r, s] = await authorize(always)
  const nonce = escrowNonce(spender, salt)
  const args = [payer, escrow.address, value, after, before, nonce, v, r, s] as const

  await viem.assertions.revertWithCustomError(
    token.write.receiveWithAuthorization(args, { account: rival }),
    token,
    'ERC20InvalidReceiver',
  )
  await viem.assertions.revertWithCustomError(
    token.write.transferWithAuthorization(args, { account: rival }),
    token,
    'ERC3009InvalidSignature',
  )
})

test.each([
  { name: 'at validAfter', offset: 0n, isValid: false },
  { name: 'after validAfter', offset: 1n, isValid: true },
  { name: 'before validBefore', offset: 9n, isValid: true },
  { name: 'at validBefore', offset: 10n, isValid: false },
])('behavior: $name the token says valid = $isValid', async ({ offset, isValid }) => {
  const { escrow, token, payer, spender, authorize } =
    await networkHelpers.loadFixture(deployAuthorized)
  const validAfter = BigInt(await networkHelpers.time.latest()) + 100n
  const authorization = await authorize({ validAfter, validBefore: validAfter + 10n })
  await networkHelpers.time.setNextBlockTimestamp(validAfter + offset)

  const depositing = escrow.write.depositWithAuthorization(authorization)
  if (isValid) await depositing
  else {
    await viem.assertions.revertWithCustomError(
      depositing,
      token,
      'ERC3009InvalidAuthorizationTime',
    )
  }

  expect(await escrow.read.balanceOf([payer, spender])).toBe(isValid ? amount : 0n)
})
