import {
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { collectionsOf } from './collectionsOf.ts'
import { voucherTypedData } from './typedData.ts'

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const operator = '0x00000000000000000000000000000000000000b0'
const unsigned = { payer: account.address, operator, cap: 9n } as const
const signature = await account.signTypedData(
  voucherTypedData({ chainId: 1, ledger: operator, voucher: unsigned }),
)
const voucher = { ...unsigned, signature }
const compact = signatureToCompactSignature(parseSignature(signature))
const words = { r: compact.r, vs: compact.yParityAndS }
const sums = { sequence: 3n, cumulativeFee: 7n }
const placeOf = (authority: number) =>
  (BigInt(account.address) << 96n) | (BigInt(authority) << 64n) | 3n

test('default', () => {
  expect(collectionsOf([{ voucher, ...sums }])).toEqual({
    collections: [{ place: placeOf(0), fees: (9n << 128n) | 7n, ...words }],
    authorities: [],
  })
})

test('behavior: a signature of 64 bytes is taken as it is', () => {
  const short = { ...voucher, signature: serializeCompactSignature(compact) }
  expect(collectionsOf([{ voucher: short, ...sums }])).toEqual(
    collectionsOf([{ voucher, ...sums }]),
  )
})

test('behavior: a session key comes with its authority, and others find theirs', () => {
  const session = { payer: account.address, key: operator, operator: zeroAddress } as const
  const signed = { ...session, cap: 8n, expiry: 5n, signature: '0x1234' } as const
  const { collections, authorities } = collectionsOf([
    { voucher, ...sums, isContract: true },
    { voucher, ...sums },
    { voucher: { ...voucher, session: signed }, ...sums },
  ])
  expect(collections.map(({ place }) => place)).toEqual([1, 0, 2].map(placeOf))
  expect(authorities).toEqual([
    { key: zeroAddress, operator: zeroAddress, cap: 0n, expiry: 0n, signature },
    { key: operator, operator: zeroAddress, cap: 8n, expiry: 5n, signature: '0x1234' },
  ])
})

test('behavior: what is no signature becomes zeros', () => {
  const bad = { ...voucher, signature: '0x1234' } as const
  expect(collectionsOf([{ voucher: bad, ...sums }]).collections).toEqual([
    { place: placeOf(0), fees: (9n << 128n) | 7n, r: zeroHash, vs: zeroHash },
  ])
})
