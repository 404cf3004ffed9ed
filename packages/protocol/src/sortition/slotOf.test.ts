import { keccak256, pad, toHex } from 'viem'
import { expect, test } from 'vitest'

import { slotNever, slotOf } from './slotOf.ts'

const seed = keccak256('0x01')
const operator = pad('0x0a', { size: 20 })

test('behavior: never opens without free stake', () => {
  const slot = slotOf({ seed, operator, weight: 0n, totalWeight: 5n, tau: 2, requestedAt: 100n })
  expect(slot).toBe(slotNever)
})

test('behavior: first slots fall to operators in proportion to their stake', () => {
  const weights = [1n, 3n, 6n]
  const rounds = 4000
  const wins = [0, 0, 0]
  for (let round = 0; round < rounds; round++) {
    const slots = weights.map((weight, index) =>
      slotOf({
        seed: keccak256(toHex(round, { size: 32 })),
        operator: toHex(index + 1, { size: 20 }),
        weight,
        totalWeight: 10n,
        tau: 1_000_000,
        requestedAt: 0n,
      }),
    )
    const first = slots.reduce((best, slot, index) => (slot < slots[best]! ? index : best), 0)
    wins[first]!++
  }
  expect(wins[0]! / rounds).toBeCloseTo(0.1, 1)
  expect(wins[1]! / rounds).toBeCloseTo(0.3, 1)
  expect(wins[2]! / rounds).toBeCloseTo(0.6, 1)
})
