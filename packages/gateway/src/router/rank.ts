import type { Candidate } from '../catalog/upstream.ts'
import type { Preferences } from '../http/readRequest.ts'
import type { Health } from './createHealth.ts'

/** How much each property counts, of two upstreams that differ in nothing else. */
export type RankWeights = { price: number; latency: number; reliability: number; stake: number }

export const defaultWeights: RankWeights = {
  price: 0.4,
  latency: 0.3,
  reliability: 0.2,
  stake: 0.1,
}

/** A candidate with what it would cost and how it does. */
export type Rated = Candidate & {
  quote: bigint
  health: Health /** 0 is best, 1 worst. */
  score: number
}

/** Scores that differ by less are as good as each other: the least busy goes first. */
const tie = 0.05

/**
 * Returns candidates, the best first. The score is Σ weight · property, each property between 0 and 1: the quote and the
 * time to the first token against the greatest among the candidates (a second at least, so that milliseconds decide nothing),
 * the share of failures, and what is missing to the greatest stake. Who was not measured yet counts as fast, and is tried.
 */
export function rank(
  candidates: readonly Omit<Rated, 'score'>[],
  weights: RankWeights,
  { sort, order = [] }: Pick<Preferences, 'sort' | 'order'> = {},
): Rated[] {
  const dearest = Math.max(1, ...candidates.map(({ quote }) => Number(quote)))
  const slowest = Math.max(1_000, ...candidates.map(({ health }) => health.latencyMs() ?? 0))
  const greatest = Math.max(1, ...candidates.map(({ upstream }) => Number(upstream.stake)))
  const applied = sort === undefined ? weights : only(sort)
  const rated = candidates.map((candidate) => {
    const { health, quote, upstream } = candidate
    const score =
      applied.price * (Number(quote) / dearest) +
      applied.latency * ((health.latencyMs() ?? 0) / slowest) +
      applied.reliability * health.failureRate() +
      applied.stake * (1 - Number(upstream.stake) / greatest)
    return { ...candidate, score }
  })
  const best = Math.min(...rated.map(({ score }) => score))
  const level = (score: number) => Math.floor((score - best) / tie)
  const place = ({ upstream }: Rated) => {
    const index = order.indexOf(upstream.id)
    return index === -1 ? order.length : index
  }
  return rated.toSorted(
    (a, b) =>
      place(a) - place(b) ||
      level(a.score) - level(b.score) ||
      a.health.inFlight() - b.health.inFlight() ||
      a.score - b.score,
  )
}

function only(sort: NonNullable<Preferences['sort']>): RankWeights {
  return { price: 0, latency: 0, reliability: 0, stake: 0, [sort]: 1 }
}

/** Whether a client's wishes let a candidate answer. */
export function isWanted({ upstream, offer }: Candidate, preferences: Preferences): boolean {
  const { only, ignore, max_price: most } = preferences
  if (only !== undefined && !only.includes(upstream.id)) return false
  if (ignore?.includes(upstream.id)) return false
  const { perMillionIn, perMillionOut, perRequest } = offer.price
  return (
    (most?.prompt === undefined || perMillionIn <= most.prompt) &&
    (most?.completion === undefined || perMillionOut <= most.completion) &&
    (most?.request === undefined || perRequest <= most.request)
  )
}
