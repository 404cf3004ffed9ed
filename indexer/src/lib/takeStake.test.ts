import fc from 'fast-check'
import { expect, test } from 'vitest'

import { takeStake } from './takeStake.ts'

const position = { active: 5n, thawing: 2n, pending: 9n }

test('default', () => {
  expect(takeStake(position, 10n)).toEqual({ active: 5n, thawing: 2n, pending: 3n })
})

test('behavior: active stake alone pays what it can', () => {
  expect(takeStake(position, 4n)).toEqual({ active: 4n, thawing: 0n, pending: 0n })
})

test('behavior: takes all there is, never more', () => {
  const amount = fc.bigInt({ min: 0n, max: 1_000n })
  const parts = fc.record({ active: amount, thawing: amount, pending: amount })
  fc.assert(
    fc.property(parts, amount, (before, wanted) => {
      const taken = takeStake(before, wanted)
      const sum = (of: typeof taken) => of.active + of.thawing + of.pending
      const all = sum(before)
      expect(sum(taken)).toBe(wanted < all ? wanted : all)
      for (const part of ['active', 'thawing', 'pending'] as const) {
        expect(taken[part] <= before[part]).toBe(true)
      }
    }),
  )
})
