import { getAddress, toHex } from 'viem'
import { expect, test } from 'vitest'

import { deploymentOfIgnition } from './deploymentOfIgnition.ts'
import { InvalidDeploymentError } from './parseDeployment.ts'

const at = (index: number) => toHex(index + 0xabcdef, { size: 20 })
const names = [
  'TestToken',
  'AccessManager',
  'Escrow',
  'OperatorStaking',
  'ModelRegistry',
  'JobMarket',
  'TensorVerifier',
  'Audits',
  'ReceiptLedger',
]
const addresses = Object.fromEntries(names.map((name, index) => [`Suite#${name}`, at(index)]))

test('default', () => {
  expect(deploymentOfIgnition({ addresses, chainId: 31337, startBlock: 3 })).toEqual({
    chainId: 31337,
    startBlock: 3,
    token: getAddress(at(0)),
    manager: getAddress(at(1)),
    escrow: getAddress(at(2)),
    staking: getAddress(at(3)),
    registry: getAddress(at(4)),
    market: getAddress(at(5)),
    tensorVerifier: getAddress(at(6)),
    audits: getAddress(at(7)),
    ledger: getAddress(at(8)),
  })
})

test('error: a contract is missing', () => {
  const { 'Suite#Escrow': _, ...rest } = addresses
  expect(() => deploymentOfIgnition({ addresses: rest, chainId: 1, startBlock: 0 })).toThrow(
    InvalidDeploymentError,
  )
})

test('error: an address is malformed', () => {
  const malformed = { ...addresses, 'Suite#Escrow': '0x12' }
  expect(() => deploymentOfIgnition({ addresses: malformed, chainId: 1, startBlock: 0 })).toThrow(
    InvalidDeploymentError,
  )
})
