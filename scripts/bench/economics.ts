import {
  equilibriumWrongShare,
  type Game,
  leastLiability,
  leastStake,
  neededDetection,
} from './economics/game.ts'
import { type Outcome, simulate } from './economics/simulate.ts'
import type { Benchmark, Row } from './lib/report.ts'

/** A fee of 1 of which the protocol takes 2 %; running the model costs half of it; the refuter's share of the suite. */
const base: Game = {
  ...{ fee: 0.98, cost: 0.5, cheatCost: 0, bribe: 0, stake: 2 },
  ...{ refuterShare: 0.3, selfShare: 0.3, sybilShare: 0, watched: 0.01, auditRate: 0.05 },
  ...{ reward: 0.75, checkCost: 0.5, liability: 25, planted: 0.02 },
}
const stakes = [1, 2, 5, 10, 20, 50, 100]
const auditRates = [0.01, 0.02, 0.05, 0.1, 0.2]
const liabilities = [1, 5, 25, 100]

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const fees = (amount: number) => (Number.isNaN(amount) ? '–' : amount.toFixed(2))

type Run = (game: Game) => Outcome

/** How many answers are wrong at every stake and audit rate, while auditors have reason to check. */
function sweepStake(run: Run): Row[] {
  return auditRates.map((auditRate) => ({
    'audit rate': percent(auditRate),
    'least stake': leastStake({ ...base, auditRate }).toFixed(1),
    ...Object.fromEntries(
      stakes.map((stake) => [
        `stake ${stake}`,
        percent(run({ ...base, auditRate, stake }).wrongShare),
      ]),
    ),
  }))
}

/** What a wrong answer, a right one and an audit are worth on both sides of the least stake. */
function sweepProfits(run: Run): Row[] {
  return stakes.map((stake) => {
    const game = { ...base, stake }
    const outcome = run(game)
    return {
      stake,
      'detection needed': percent(neededDetection(game)),
      wrong: percent(outcome.wrongShare),
      'auditors checking': percent(outcome.checkShare),
      'per right answer': fees(outcome.honestProfit),
      'per wrong answer': fees(outcome.wrongProfit),
      'per audit': fees(outcome.auditProfit),
    }
  })
}

/** How many answers are wrong where nothing but the liability keeps auditors awake. */
function sweepLiability(run: Run): Row[] {
  return [0.02, 0].flatMap((planted) =>
    liabilities.map((liability) => {
      const game = { ...base, auditRate: 0.2, stake: 5, planted, liability }
      const outcome = run(game)
      return {
        planted: percent(planted),
        'least liability': planted === 0 ? '–' : leastLiability(game).toFixed(1),
        liability,
        'wrong, formula': percent(equilibriumWrongShare(game)),
        'wrong, simulated': percent(outcome.wrongShare),
        'auditors checking': percent(outcome.checkShare),
        'per audit': fees(outcome.auditProfit),
      }
    }),
  )
}

export const benchmark: Benchmark = {
  name: 'economics',
  summary: 'what learning operators and auditors do at each stake, audit rate and liability',
  options: {
    rounds: { about: 'rounds of each run, half of them to settle', default: '4000' },
    seed: { about: 'of the random numbers', default: '1' },
  },
  async run({ log, values, signal }) {
    const [rounds, seed] = [Number(values.rounds), Number(values.seed)]
    const run: Run = (game) => {
      signal.throwIfAborted()
      return simulate({ game, rounds, operators: 200, auditors: 50, seed })
    }
    log('Sweeping stake and audit rate …')
    const shares = sweepStake(run)
    log('Sweeping liability …')
    const [profits, laziness] = [sweepProfits(run), sweepLiability(run)]
    return {
      tables: [
        { title: 'Wrong answers by audit rate and stake, in fees', rows: shares },
        { title: 'Who profits at an audit rate of 5 %, in fees', rows: profits },
        { title: 'Wrong answers by liability, audit rate 20 %, stake 5', rows: laziness },
      ],
      notes: [
        'Fee 1, protocol fee 2 %, cost of an answer and of a check 0.5, reward of an audit 0.75, refuter’s share 30 %, which a cheat is assumed to get back; 1 % of wrong answers are refuted by somebody whom nobody drew.',
        'In the first two tables the liability is 25, what 2 % of planted errors ask for at no stake; planted answers are not counted as wrong.',
        'Agents try what they think worse in 0.5 % of cases: below that nothing can be told from nothing.',
        'Formulas: docs/protocol/economics.md. 200 operators, 50 auditors, deterministic.',
      ],
    }
  },
}
