import { getAddress, keccak256, toHex, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, networkHelpers, viem } from '../fixtures.ts'

const encryptionKey = keccak256(toHex('key'))
const endpoint = 'https://operator.example'

test('behavior: names who may act, who is paid, and how to reach the operator', async () => {
  const { staking, operator, rival, outsider } = await networkHelpers.loadFixture(deployCore)
  const record = { signer: rival, payout: outsider, encryptionKey, endpoint }

  await viem.assertions.emitWithArgs(
    staking.write.register([record], { account: operator }),
    staking,
    'OperatorRegistered',
    [getAddress(operator), getAddress(rival), getAddress(outsider), encryptionKey, endpoint],
  )

  expect(await staking.read.mayActFor([operator, rival])).toBe(true)
  expect(await staking.read.mayActFor([operator, operator])).toBe(true)
  expect(await staking.read.mayActFor([operator, outsider])).toBe(false)
  expect(await staking.read.mayActFor([rival, operator])).toBe(false)
  expect(await staking.read.payoutOf([operator])).toBe(getAddress(outsider))
})

test('behavior: without a record the operator acts and is paid itself, and nobody else', async () => {
  const { staking, operator, outsider } = await networkHelpers.loadFixture(deployCore)

  expect(await staking.read.mayActFor([operator, operator])).toBe(true)
  expect(await staking.read.mayActFor([operator, outsider])).toBe(false)
  expect(await staking.read.mayActFor([operator, zeroAddress])).toBe(false)
  expect(await staking.read.mayActFor([zeroAddress, zeroAddress])).toBe(false)
  expect(await staking.read.payoutOf([operator])).toBe(getAddress(operator))
})

test('behavior: a new record replaces the signer at once', async () => {
  const { staking, operator, rival } = await networkHelpers.loadFixture(deployCore)
  const record = { signer: rival, payout: rival, encryptionKey, endpoint }
  await staking.write.register([record], { account: operator })

  const empty = {
    signer: zeroAddress,
    payout: zeroAddress,
    encryptionKey: zeroHash,
    endpoint: '',
  }
  await staking.write.register([empty], { account: operator })

  expect(await staking.read.mayActFor([operator, rival])).toBe(false)
  expect(await staking.read.payoutOf([operator])).toBe(getAddress(operator))
})
