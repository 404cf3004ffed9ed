import { expect, test } from 'vitest'

import {
  alertShare,
  auditorPayoff,
  detectionOf,
  equilibriumWrongShare,
  type Game,
  leastLiability,
  leastStake,
  neededDetection,
  operatorPayoff,
} from './game.ts'

const game: Game = {
  ...{ fee: 0.98, cost: 0.5, cheatCost: 0.1, bribe: 0.2, stake: 10 },
  ...{ refuterShare: 0.3, selfShare: 0.3, auditRate: 0.05, sybilShare: 0.2, watched: 0.01 },
  ...{ reward: 0.75, checkCost: 0.5, liability: 30, planted: 0 },
}

/** What a wrong answer is worth on average if a share `detection` of them is refuted. */
function wrongPayoff(of: Game, detection: number) {
  const worth = (isRefuted: boolean) => operatorPayoff(of, { isWrong: true, isRefuted })
  return detection * worth(true) + (1 - detection) * worth(false)
}

const honestPayoff = (of: Game) => operatorPayoff(of, { isWrong: false, isRefuted: false })

/** What checking is worth beyond confirming blindly if a share `wrong` of the answers that nobody planted is wrong. */
function checkingGain(of: Game, wrong: number) {
  const gain = (isWrong: boolean, isRefutedByOthers: boolean) =>
    auditorPayoff(of, { checks: true, isWrong, isRefutedByOthers }) -
    auditorPayoff(of, { checks: false, isWrong, isRefutedByOthers })
  const ofWrong = of.watched * gain(true, true) + (1 - of.watched) * gain(true, false)
  const ofOthers = wrong * ofWrong + (1 - wrong) * gain(false, false)
  return of.planted * gain(true, true) + (1 - of.planted) * ofOthers
}

test('default: payoffs are what the protocol pays', () => {
  expect(honestPayoff(game)).toBeCloseTo(0.48)
  expect(operatorPayoff(game, { isWrong: true, isRefuted: false })).toBeCloseTo(1.08)
  expect(operatorPayoff(game, { isWrong: true, isRefuted: true })).toBeCloseTo(-7.1)
  const audit = { isWrong: true, isRefutedByOthers: true }
  expect(auditorPayoff(game, { checks: true, ...audit })).toBeCloseTo(2.5)
  expect(auditorPayoff(game, { checks: false, ...audit })).toBe(-30)
  expect(auditorPayoff(game, { checks: false, isWrong: true, isRefutedByOthers: false })).toBe(0.75)
  const right = { isWrong: false, isRefutedByOthers: false }
  expect(auditorPayoff(game, { checks: true, ...right })).toBeCloseTo(0.25)
})

test('behavior: at the needed detection an operator is indifferent', () => {
  const needed = neededDetection(game)
  expect(wrongPayoff(game, needed)).toBeCloseTo(honestPayoff(game), 10)
  expect(wrongPayoff(game, needed - 0.01)).toBeGreaterThan(honestPayoff(game))
  expect(wrongPayoff(game, needed + 0.01)).toBeLessThan(honestPayoff(game))
})

test('behavior: at the least stake an operator is indifferent, if auditors check', () => {
  const stake = leastStake(game)
  const detection = detectionOf(game, 1)
  const at = { ...game, stake }
  expect(wrongPayoff(at, detection)).toBeCloseTo(honestPayoff(at), 10)
  expect(leastStake({ ...game, auditRate: 1, sybilShare: 0 })).toBe(0)
})

test('behavior: watchers and auditors find a wrong answer apart from each other', () => {
  expect(detectionOf(game, 0)).toBeCloseTo(0.01)
  expect(detectionOf(game, 1)).toBeCloseTo(1 - 0.99 * (1 - 0.05 * 0.8))
  expect(detectionOf({ ...game, watched: 0, sybilShare: 1 }, 1)).toBe(0)
})

test('behavior: at the alert share an auditor is indifferent', () => {
  for (const planted of [0, 0.005]) {
    const at = { ...game, planted }
    expect(checkingGain(at, alertShare(at))).toBeCloseTo(0, 10)
    expect(alertShare(at)).toBeGreaterThan(0)
  }
})

test('behavior: no share of wrong answers wakes an auditor whom blindness pays more', () => {
  expect(alertShare({ ...game, stake: 1, liability: 1, watched: 0 })).toBe(Number.POSITIVE_INFINITY)
})

test('behavior: with the least liability an auditor checks where no operator cheats', () => {
  const planted = 0.01
  const liability = leastLiability({ ...game, planted })
  expect(checkingGain({ ...game, planted, liability }, 0)).toBeCloseTo(0, 10)
  expect(alertShare({ ...game, planted, liability: liability + 1 })).toBe(0)
})

test('behavior: three regimes', () => {
  expect(equilibriumWrongShare({ ...game, stake: 1 })).toBe(1)
  expect(equilibriumWrongShare({ ...game, watched: 0.5 })).toBe(0)
  const mixed = { ...game, auditRate: 0.5 }
  expect(equilibriumWrongShare(mixed)).toBe(alertShare(mixed))
})
