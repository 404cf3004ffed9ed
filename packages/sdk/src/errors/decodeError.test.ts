import { escrowAbi } from '@assay/protocol'
import { deploySuite } from '@assay/testing'
import { ethers } from 'ethers'
import { network } from 'hardhat'
import { encodeErrorResult } from 'viem'
import { expect, test } from 'vitest'

import { decodeError, isRevert } from './decodeError.ts'
import { RevertError } from './RevertError.ts'

const connection = await network.create()
const { viem, networkHelpers } = connection

async function fixture() {
  return deploySuite(viem)
}

test('behavior: errors of viem and of ethers', async () => {
  const { escrow, deployment } = await networkHelpers.loadFixture(fixture)
  const to = deployment.token
  const ofViem = await escrow.write.withdraw([to, 5n, to]).catch((error) => error)
  const signer = await new ethers.BrowserProvider(connection.provider).getSigner(0)
  const contract = new ethers.Contract(escrow.address, [...escrowAbi], signer)
  const ofEthers = await contract
    .getFunction('withdraw')(to, 5n, to)
    .catch((error) => error)
  for (const error of [ofViem, ofEthers]) {
    const revert = decodeError(error)
    expect(isRevert(revert, 'InsufficientBalance') && revert.args.needed).toBe(5n)
    expect(revert?.cause).toBe(error)
    expect(revert?.message).toContain('needed: 5')
  }
})

test('behavior: an error that bubbles up from the token', async () => {
  const { escrow, deployment } = await networkHelpers.loadFixture(fixture)
  const { market, token } = deployment
  const error = await escrow.write.deposit([token, market, 10n ** 30n]).catch((reason) => reason)
  const revert = decodeError(error)
  expect(isRevert(revert, 'ERC20InsufficientBalance') && revert.args.needed).toBe(10n ** 30n)
})

test('behavior: errors of the language', () => {
  const data = encodeErrorResult({ abi: panicAbi, errorName: 'Panic', args: [17n] })
  const panic = decodeError({ data })
  expect(isRevert(panic, 'Panic') && panic.args).toEqual({ code: 17n })
  const text = encodeErrorResult({ abi: panicAbi, errorName: 'Error', args: ['no'] })
  const error = decodeError({ data: { data: text } })
  expect(isRevert(error, 'Error') && error.args).toEqual({ message: 'no' })
})

test('behavior: what is no revert of the suite is undefined', () => {
  expect(decodeError(new TypeError('offline'))).toBeUndefined()
  expect(decodeError({ data: '0xdeadbeef' })).toBeUndefined()
  expect(decodeError(undefined)).toBeUndefined()
  const cyclic = new TypeError('a')
  cyclic.cause = cyclic
  expect(decodeError(cyclic)).toBeUndefined()
})

test('behavior: what was decoded before stays as it is', () => {
  const data = encodeErrorResult({ abi: panicAbi, errorName: 'Panic', args: [1n] })
  const first = decodeError({ data })
  expect(first).toBeInstanceOf(RevertError)
  expect(decodeError(new TypeError('wrapped', { cause: first }))).toBe(first)
})

const panicAbi = [
  { type: 'error', name: 'Panic', inputs: [{ name: 'code', type: 'uint256' }] },
  { type: 'error', name: 'Error', inputs: [{ name: 'message', type: 'string' }] },
] as const
