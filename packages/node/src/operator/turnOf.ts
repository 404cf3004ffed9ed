import { feeAt, type Parameters, slotOf } from '@assay/protocol'
import { type Address, type Hash, isAddressEqual } from 'viem'

import type { JobRecord } from '../book/records.ts'
import type { Stake } from './createMarketReader.ts'
import type { AnswerMode } from './operator.ts'
import { commitBondOf, netOf, reservationOf } from './terms.ts'

/** What an operator may do about a job with the next block. */
export type Turn = 'answer' | 'commit' | 'reveal' | 'forfeit' | 'wait' | 'over'

export type TurnOfParameters = {
  record: JobRecord
  operator: Address
  /** Earliest timestamp of the next block. */
  next: bigint
  /** Hash of the block after the request's; nothing before it is there. */
  seed: Hash | undefined
  parameters: Parameters
  /** The operator's stake, with what its unmined answers will reserve. */
  stake: Stake
  /** Least tokens to earn. */
  ask: bigint
  mode: AnswerMode
  /** Whether a sealed answer is still possible: a job is committed to once. */
  mayCommit: boolean
  /** The operator's own commitment to the job, if it made one. */
  commitment: Hash | undefined
  /** Stakes of other operators whose slots may be open too. */
  rivals: readonly { operator: Address; stake: Stake }[]
  /** Seconds between blocks. */
  interval: bigint
}

/** Returns what an operator may do about a job with the next block: the rules of the market, a block ahead. */
export function turnOf(parameters: TurnOfParameters): Turn {
  const { record, next } = parameters
  if (record.answer !== undefined || record.end !== undefined) return 'over'
  if (record.seat !== undefined) return seatTurnOf(parameters, record.seat)
  if (next >= record.job.deadline) return 'over'
  if (!isCovered(parameters) || !isOpen(parameters, parameters, next)) return 'wait'
  return wantsCommit(parameters) ? 'commit' : 'answer'
}

function seatTurnOf(parameters: TurnOfParameters, seat: NonNullable<JobRecord['seat']>): Turn {
  const { record, operator, next, commitment } = parameters
  const isOwn = isAddressEqual(seat.operator, operator)
  if (next < seat.until) return isOwn && seat.commitment === commitment ? 'reveal' : 'wait'
  if (next >= record.job.deadline) return 'over'
  // Whoever forfeits a seat slashes its holder.
  return isOwn ? 'wait' : 'forfeit'
}

/** Whether the fee is worth it by now, and the stake enough for it. */
function isCovered({ record, next, parameters, stake, ask, mode }: TurnOfParameters): boolean {
  const { job, requestedAt } = record
  const fee = feeAt({ job, requestedAt, timestamp: next })
  if (netOf(parameters, fee) < ask) return false
  const bond = mode === 'direct' ? 0n : commitBondOf(parameters, job)
  const reservation = reservationOf(parameters, fee)
  return stake.active >= stake.reserved + (bond > reservation ? bond : reservation)
}

function isOpen(
  { record, seed }: TurnOfParameters,
  { operator, stake }: { operator: Address; stake: Stake },
  timestamp: bigint,
): boolean {
  if (seed === undefined) return false
  const weight = stake.active > stake.reserved ? stake.active - stake.reserved : 0n
  const { tau } = record.job
  const { requestedAt } = record
  return slotOf({ seed, operator, weight, totalWeight: stake.total, tau, requestedAt }) <= timestamp
}

function wantsCommit(parameters: TurnOfParameters): boolean {
  const { mode, mayCommit, rivals, next, interval } = parameters
  if (!mayCommit || mode === 'direct') return false
  // Whoever's slot opens before the answer is mined could copy it from the mempool.
  return mode === 'commit' || rivals.some((rival) => isOpen(parameters, rival, next + interval))
}
