/**
 * One job between an operator and the auditor that may be drawn for it, as docs/protocol/economics.md has it.
 * Amounts are in fees of the job, probabilities and shares in [0, 1].
 */
export type Game = {
  /** What an honest operator is paid: the fee without the protocol's part (`protocolFeePpm`). */
  fee: number
  /** What running the model costs an operator. */
  cost: number
  /** What a wrong answer costs it. */
  cheatCost: number
  /** What a wrong answer that stands gains it beside the fee. */
  bribe: number
  /** Stake reserved against the answer (`stakeRatioPpm`, `stakeFloor`). */
  stake: number
  /** Refuter's share of a slash (`REWARD_PPM`). */
  refuterShare: number
  /** Part of a slash that returns to the operator: `refuterShare` if it refutes itself before others do. */
  selfShare: number
  /** Probability that an answer is audited (`ratePpm`). */
  auditRate: number
  /** Share of the auditors' stake that is in the operator's hand. */
  sybilShare: number
  /** Probability that somebody refutes a wrong answer whom nobody drew. */
  watched: number
  /** What a confirmation of a right answer earns (`reward`). */
  reward: number
  /** What checking costs an auditor. */
  checkCost: number
  /** What a confirmation of an answer that is refuted costs (`LIABILITY_RATIO_PPM`, `LIABILITY_FLOOR`). */
  liability: number
  /** Share of answers that are wrong on purpose and always refuted, to keep auditors awake. */
  planted: number
}

/** What an operator has of an answer. */
export function operatorPayoff(game: Game, answer: { isWrong: boolean; isRefuted: boolean }) {
  const { fee, cost, cheatCost, bribe, stake, selfShare } = game
  if (!answer.isWrong) return fee - cost
  return answer.isRefuted ? -(1 - selfShare) * stake - cheatCost : fee + bribe - cheatCost
}

/** What an auditor has of an answer for which it was drawn. One that checks never confirms what is wrong. */
export function auditorPayoff(
  game: Game,
  audit: { checks: boolean; isWrong: boolean; isRefutedByOthers: boolean },
) {
  const { reward, checkCost, liability, stake, refuterShare } = game
  if (audit.checks) return (audit.isWrong ? refuterShare * stake : reward) - checkCost
  return audit.isWrong && audit.isRefutedByOthers ? -liability : reward
}

/** Probability that a wrong answer is refuted if a drawn auditor checks with probability `checks`. */
export function detectionOf(game: Game, checks: number) {
  const { auditRate, sybilShare, watched } = game
  return 1 - (1 - watched) * (1 - auditRate * (1 - sybilShare) * checks)
}

/** Detection from which honesty is the operator's best reply. */
export function neededDetection(game: Game) {
  const { fee, cost, cheatCost, bribe, stake, selfShare } = game
  return (cost - cheatCost + bribe) / (fee + bribe + (1 - selfShare) * stake)
}

/** Least stake with which honesty is the operator's best reply, if drawn auditors check. */
export function leastStake(game: Game) {
  const { fee, cost, cheatCost, bribe, selfShare } = game
  const detection = detectionOf(game, 1)
  const needed = cost - cheatCost + bribe - detection * (fee + bribe)
  return Math.max(0, needed / (detection * (1 - selfShare)))
}

/**
 * Share of wrong answers from which checking is the drawn auditor's best reply; more than 1 if it never is.
 * Planted ones are always refuted, so for them the liability always falls due.
 */
export function alertShare(game: Game) {
  const { reward, checkCost, liability, stake, refuterShare, watched, planted } = game
  const fromPlanted = planted * (refuterShare * stake + liability)
  const perWrong = refuterShare * stake + watched * liability - (1 - watched) * reward
  const fromWrong = (1 - planted) * perWrong
  const missing = checkCost - fromPlanted
  if (missing <= 0) return 0
  return fromWrong <= 0 ? Number.POSITIVE_INFINITY : missing / fromWrong
}

/** Least liability with which planted errors alone make checking the drawn auditor's best reply. */
export function leastLiability({ checkCost, planted, refuterShare, stake }: Game) {
  return Math.max(0, checkCost / planted - refuterShare * stake)
}

/** Share of answers that are wrong in equilibrium, without the planted ones. */
export function equilibriumWrongShare(game: Game) {
  const needed = neededDetection(game)
  if (detectionOf(game, 0) >= needed) return 0
  if (detectionOf(game, 1) < needed) return 1
  return Math.min(1, alertShare(game))
}
