import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dayOf, positionOf } from './place.ts'

test('default', () => {
  expect(positionOf({ block: 1234n, logIndex: 5 })).toBe('000000001234-000005')
})

test('behavior: positions sort like the chain', () => {
  const place = fc.record({
    block: fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
    logIndex: fc.integer({ min: 0, max: 999_999 }),
  })
  fc.assert(
    fc.property(place, place, (a, b) => {
      const isBefore = a.block === b.block ? a.logIndex < b.logIndex : a.block < b.block
      expect(positionOf(a) < positionOf(b)).toBe(isBefore)
    }),
  )
})

test('behavior: days begin at midnight in UTC', () => {
  const midnight = BigInt(Date.UTC(2026, 0, 1) / 1_000)
  expect(dayOf(midnight)).toBe(dayOf(midnight - 1n) + 1)
})
