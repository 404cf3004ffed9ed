import { auditorPayoff, type Game, operatorPayoff } from './game.ts'
import { createRandom } from './random.ts'

export type SimulateParameters = {
  game: Game
  /** Rounds; every operator answers one job in each. The first half is left out of the outcome. */
  rounds: number
  operators: number
  auditors: number
  seed: number
}

export type Outcome = {
  /** Share of answers that were wrong, without the planted ones. */
  wrongShare: number
  /** Share of drawn audits in which the auditor checked. */
  checkShare: number
  /** Mean payoff per answer of operators that were honest; NaN if none was. */
  honestProfit: number
  /** Mean payoff per wrong answer; NaN if there was none. */
  wrongProfit: number
  /** Mean payoff of an auditor per audit it was drawn for; NaN if none was. */
  auditProfit: number
}

/** Share of agents that reconsider in a round. */
const RECONSIDERING = 0.003
/** Share of answers and audits in which an agent does what it thinks worse, and so goes on learning. */
const TRIAL = 0.005
/** How much a new observation counts against all before it. */
const NOVELTY = { ofFate: 1 / 400, ofWrong: 1 / 1000 }

/** A mean payoff per occasion. */
function createTally() {
  let [sum, count] = [0, 0]
  return {
    add(value: number) {
      sum += value
      count += 1
    },
    count: () => count,
    mean: () => sum / count,
  }
}

/** A frequency that forgets. */
function createBelief(start: number, novelty: number) {
  let value = start
  return {
    observe(happened: boolean) {
      value += novelty * (Number(happened) - value)
    },
    value: () => value,
  }
}

/**
 * Lets operators learn from the fates of wrong answers how likely one is refuted, and auditors from the record how many
 * answers are wrong. In every round a few of each turn to what would then have paid best.
 */
export function simulate({ game, rounds, operators, auditors, seed }: SimulateParameters): Outcome {
  const random = createRandom(seed)
  const chance = (probability: number) => random() < probability
  const isCheating = Array.from({ length: operators }, () => chance(0.5))
  const isChecking = Array.from({ length: auditors }, () => chance(0.5))
  const refuted = createBelief(0.5, NOVELTY.ofFate)
  const wrong = createBelief(0.5, NOVELTY.ofWrong)
  const tallies = {
    ...{ honest: createTally(), wrong: createTally(), audit: createTally(), check: createTally() },
  }

  /** Audits a claim; returns whether the auditor found it wrong. */
  function audit(claim: { isWrong: boolean; isRefutedByOthers: boolean }, isCounted: boolean) {
    const isSybil = chance(game.sybilShare)
    const own = isChecking[Math.floor(random() * auditors)]!
    const checks = !isSybil && own !== chance(TRIAL)
    if (isCounted && !isSybil) {
      tallies.audit.add(auditorPayoff(game, { checks, ...claim }))
      tallies.check.add(Number(checks))
    }
    return checks && claim.isWrong
  }

  function answer(operator: number, isCounted: boolean) {
    const isPlanted = chance(game.planted)
    const isWrong = isPlanted || isCheating[operator] !== chance(TRIAL)
    const isRefutedByOthers = isWrong && (isPlanted || chance(game.watched))
    const isFound = chance(game.auditRate) && audit({ isWrong, isRefutedByOthers }, isCounted)
    if (isPlanted) return

    const isRefuted = isFound || isRefutedByOthers
    wrong.observe(isWrong)
    if (isWrong) refuted.observe(isRefuted)
    if (!isCounted) return
    const tally = isWrong ? tallies.wrong : tallies.honest
    tally.add(operatorPayoff(game, { isWrong, isRefuted }))
  }

  for (let round = 0; round < rounds; round++) {
    for (let operator = 0; operator < operators; operator++) answer(operator, round * 2 >= rounds)
    const [cheatingPays, checkingPays] = repliesTo(game, refuted.value(), wrong.value())
    for (const [agents, reply] of [
      [isCheating, cheatingPays],
      [isChecking, checkingPays],
    ] as const) {
      for (let i = 0; i < agents.length; i++) if (chance(RECONSIDERING)) agents[i] = reply
    }
  }

  const answers = tallies.wrong.count() + tallies.honest.count()
  return {
    wrongShare: tallies.wrong.count() / answers,
    checkShare: tallies.check.mean(),
    honestProfit: tallies.honest.mean(),
    wrongProfit: tallies.wrong.mean(),
    auditProfit: tallies.audit.mean(),
  }
}

/** Returns whether cheating, and whether checking, pays best if `refuted` of wrong answers are, and `wrong` of all are. */
export function repliesTo(game: Game, refuted: number, wrong: number): [boolean, boolean] {
  const fate = (isRefuted: boolean) => operatorPayoff(game, { isWrong: true, isRefuted })
  const cheated = refuted * fate(true) + (1 - refuted) * fate(false)
  const honest = operatorPayoff(game, { isWrong: false, isRefuted: false })

  const { planted, watched } = game
  const value = (checks: boolean) => {
    const of = (isWrong: boolean, isRefutedByOthers: boolean) =>
      auditorPayoff(game, { checks, isWrong, isRefutedByOthers })
    const ofWrong = watched * of(true, true) + (1 - watched) * of(true, false)
    const ofOthers = wrong * ofWrong + (1 - wrong) * of(false, false)
    return planted * of(true, true) + (1 - planted) * ofOthers
  }
  return [cheated > honest, value(true) > value(false)]
}
