import fc from 'fast-check'
import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { type Account, accountId, held, linesOf, payer, unburned, wallet } from './accounts.ts'

const alice = getAddress('0x00000000000000000000000000000000000a11ce')
const market = getAddress('0x000000000000000000000000000000000000ba5e')

test('default', () => {
  expect(accountId(payer(alice, market))).toBe(
    'Escrow:Payer:0x00000000000000000000000000000000000a11ce:0x000000000000000000000000000000000000ba5e:',
  )
})

test('behavior: an account of the same names in another book is another account', () => {
  expect(accountId(wallet('Escrow', alice))).not.toBe(accountId(wallet('Staking', alice)))
})

test('behavior: an account without names has a key', () => {
  expect(accountId(unburned)).toBe('Staking:Unburned:::')
})

test('behavior: a payer that no event names is no payer of that name', () => {
  expect(accountId(payer(undefined, market))).not.toBe(accountId(payer(alice, market)))
})

test('behavior: lines of any transfers add up to zero', () => {
  const account = fc.constantFrom<Account>(payer(alice, market), held(market), unburned)
  const transfer = fc.record({ from: account, to: account, amount: fc.bigInt() })
  fc.assert(
    fc.property(fc.array(transfer), (transfers) => {
      const lines = linesOf(transfers)
      expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
      expect(lines).toHaveLength(2 * transfers.filter(({ amount }) => amount !== 0n).length)
    }),
  )
})
