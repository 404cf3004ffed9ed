import { expect, test } from 'vitest'

import { intervalOf, nextTimestamp, type SeenHead } from './blockClock.ts'

function headersAt(...timestamps: bigint[]) {
  return timestamps.map(
    (timestamp, i) => ({ number: 100n - BigInt(i), hash: '0x', timestamp }) as const,
  )
}

const head: SeenHead = {
  ...{ number: 1n, hash: '0x', timestamp: 1_000n, baseFeePerGas: 1n },
  ...{ seenAt: 50_000, interval: 12n },
}

test('default: the least gap between neighbours', () => {
  expect(intervalOf(headersAt(1_036n, 1_024n, 1_000n))).toBe(12n)
})

test('behavior: a gap in the headers is no interval', () => {
  const [newest, , oldest] = headersAt(1_036n, 1_024n, 1_000n)
  expect(intervalOf([newest!, oldest!])).toBe(1n)
  expect(intervalOf([])).toBe(1n)
})

test('behavior: the next block comes an interval later, or as late as it is already', () => {
  expect(nextTimestamp(head, { elapsed: () => 51_000 })).toBe(1_012n)
  expect(nextTimestamp(head, { elapsed: () => 65_900 })).toBe(1_015n)
  expect(nextTimestamp(head, { elapsed: () => 0 })).toBe(1_012n)
})
