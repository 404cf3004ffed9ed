import { type Hash, keccak256, numberToHex } from 'viem'
import { expect, test } from 'vitest'

import { slotOf } from './slotOf.ts'

const rounds = 2500
/** So long that two operators' slots never open in the same second. */
const tau = 1_000_000_000

/** Values of chi² that one fair race in a thousand exceeds, by degrees of freedom. */
const critical = { 1: 10.828, 3: 16.266, 7: 24.322 }

/** Counts the first slots of operators with these stakes over `rounds` seeds. */
function countWins(weights: bigint[], salt: number) {
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0n)
  const wins = weights.map(() => 0)
  for (let round = 0; round < rounds; round++) {
    const seed = seedOf(salt * rounds + round)
    const slots = weights.map((weight, index) =>
      slotOf({ seed, operator: operatorOf(index), weight, totalWeight, tau, requestedAt: 0n }),
    )
    const first = slots.reduce((best, slot, index) => (slot < slots[best]! ? index : best), 0)
    wins[first]!++
  }
  return wins
}

function seedOf(number: number): Hash {
  return keccak256(numberToHex(number, { size: 32 }))
}

function operatorOf(index: number) {
  return numberToHex(index + 1, { size: 20 })
}

function chiSquared(counts: number[], weights: bigint[]) {
  const total = Number(weights.reduce((sum, weight) => sum + weight, 0n))
  return counts.reduce((sum, count, index) => {
    const expected = (rounds * Number(weights[index]!)) / total
    return sum + (count - expected) ** 2 / expected
  }, 0)
}

test.each([
  { title: 'equal stakes', weights: [5n, 5n, 5n, 5n] },
  { title: 'unequal stakes', weights: [1n, 2n, 3n, 4n] },
  { title: 'a whale', weights: [1n, 1n, 1n, 97n] },
  { title: 'stakes in token units', weights: [250n, 1000n, 4000n, 750n].map((w) => w * 10n ** 6n) },
])('behavior: first slots are proportional to $title', ({ weights }) => {
  const wins = countWins(weights, weights.length)

  expect(chiSquared(wins, weights)).toBeLessThan(critical[3])
})

test('behavior: the measure tells stakes apart', () => {
  const wins = countWins([1n, 2n, 3n, 4n], 4)

  expect(chiSquared(wins, [1n, 1n, 1n, 1n])).toBeGreaterThan(critical[3])
  expect(chiSquared(wins, [1n, 2n, 3n, 3n])).toBeGreaterThan(critical[3])
})

test('behavior: splitting stake over identities gains nothing', () => {
  const [others, ours] = [[20n, 40n], 40n]
  const parts = [1n, 2n, 3n, 4n, 10n, 20n]
  expect(parts.reduce((sum, part) => sum + part)).toBe(ours)

  const split = countWins([...others, ...parts], 7)

  const fromOthers = split[0]! + split[1]!
  expect(chiSquared([fromOthers, rounds - fromOthers], [60n, ours])).toBeLessThan(critical[1])
  expect(chiSquared(split, [...others, ...parts])).toBeLessThan(critical[7])
})

test("behavior: a busy operator's slot moves back by what it has reserved", () => {
  for (let round = 0; round < 2000; round++) {
    const idle = {
      seed: seedOf(round),
      operator: operatorOf(0),
      totalWeight: 100n,
      requestedAt: 0n,
    }
    const [free, half, nearlyFull] = [50n, 25n, 1n].map((weight) =>
      slotOf({ ...idle, weight, tau }),
    ) as [bigint, bigint, bigint]
    expect(half - 2n * free).toBeGreaterThanOrEqual(0n)
    expect(half - 2n * free).toBeLessThan(2n)
    expect(nearlyFull).toBeGreaterThan(half)
  }
})
