import { expect, test } from 'vitest'

import { ConfigError } from '../errors.ts'
import { formatAmount, parseAmount } from './amounts.ts'

const dollar = { symbol: 'tUSD', decimals: 6 }
const share = { symbol: 'SHR', decimals: 0 }
const ether = { symbol: 'ETH', decimals: 18 }

test.each([
  ['0', 0n],
  ['1', 1_000_000n],
  ['1.5', 1_500_000n],
  ['1.50', 1_500_000n],
  ['0.000001', 1n],
  ['9007199254740993.000001', 9_007_199_254_740_993_000_001n],
])('behavior: %s is read exactly', (text, amount) => {
  expect(parseAmount(text, dollar)).toBe(amount)
})

test.each(['', '.5', '1.', '-1', '+1', '1e3', '1,5', '0x10', ' 1', '1.0000001', '1.0000000'])(
  'error: %o is no amount',
  (text) => {
    expect(() => parseAmount(text, dollar)).toThrow(ConfigError)
  },
)

test('error: a token without decimals, and more than the contracts take', () => {
  expect(() => parseAmount('1.5', share)).toThrow(ConfigError)
  expect(parseAmount(String(2n ** 128n - 1n), share)).toBe(2n ** 128n - 1n)
  expect(() => parseAmount(String(2n ** 128n), share)).toThrow(ConfigError)
})

test.each([
  [0n, dollar, '0.00 tUSD'],
  [1_500_000n, dollar, '1.50 tUSD'],
  [1n, dollar, '0.000001 tUSD'],
  [7n, share, '7 SHR'],
  [10n ** 18n, ether, '1.00 ETH'],
])('behavior: %s is written for people', (amount, token, text) => {
  expect(formatAmount(amount, token)).toBe(text)
})
