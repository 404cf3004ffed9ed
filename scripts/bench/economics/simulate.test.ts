import { expect, test } from 'vitest'

import { equilibriumWrongShare, type Game, leastStake } from './game.ts'
import { createRandom } from './random.ts'
import { repliesTo, simulate } from './simulate.ts'

const game: Game = {
  ...{ fee: 1, cost: 0.5, cheatCost: 0, bribe: 0, stake: 5 },
  ...{ refuterShare: 0.3, selfShare: 0.3, auditRate: 0.2, sybilShare: 0, watched: 0.01 },
  ...{ reward: 0.75, checkCost: 0.5, liability: 25, planted: 0.02 },
}
const run = (of: Game, seed = 1) =>
  simulate({ game: of, rounds: 2_000, operators: 100, auditors: 20, seed })

test('default: the same seed plays the same game', () => {
  expect(run(game)).toEqual(run(game))
  expect(run(game, 2)).not.toEqual(run(game))
})

test('behavior: below the least stake operators cheat, above it they do not', () => {
  const least = leastStake(game)
  expect(run({ ...game, stake: least / 2 }).wrongShare).toBeGreaterThan(0.95)
  expect(run({ ...game, stake: least * 2 }).wrongShare).toBeLessThan(0.05)
})

test('behavior: a cheat that is caught too often earns less than an honest operator', () => {
  const { honestProfit, wrongProfit } = run({ ...game, stake: 20 })
  expect(honestProfit).toBeCloseTo(0.5)
  expect(wrongProfit).toBeLessThan(honestProfit)
})

test('behavior: without planted errors auditors nod off, and answers are wrong as often as the formula says', () => {
  const lazy = { ...game, planted: 0 }
  const { wrongShare, checkShare } = run(lazy)
  expect(equilibriumWrongShare(lazy)).toBeGreaterThan(0.3)
  expect(Math.abs(wrongShare - equilibriumWrongShare(lazy))).toBeLessThan(0.1)
  expect(checkShare).toBeLessThan(0.9)
})

test('behavior: auditors in the operator’s hand check nothing', () => {
  expect(run({ ...game, sybilShare: 1, watched: 0 }).wrongShare).toBeGreaterThan(0.95)
})

test('behavior: replies follow beliefs', () => {
  expect(repliesTo(game, 0, 0)).toEqual([true, true])
  expect(repliesTo(game, 1, 0)).toEqual([false, true])
  expect(repliesTo({ ...game, planted: 0 }, 0, 0)).toEqual([true, false])
  expect(repliesTo({ ...game, planted: 0 }, 0, 1)).toEqual([true, true])
})

test('behavior: random numbers fill [0, 1) evenly', () => {
  const random = createRandom(7)
  const numbers = Array.from({ length: 20_000 }, random)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  expect(numbers.reduce((sum, value) => sum + value, 0) / numbers.length).toBeCloseTo(0.5, 1)
})
