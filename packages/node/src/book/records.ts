import type { AuditOrder, Claim, Job, JobAnswered, Node, Settlement } from '@assay/protocol'
import type { Address, Hash, Hex } from 'viem'

/** The seat that one operator holds with a sealed answer. */
export type Seat = {
  operator: Address
  commitment: Hash
  /** Unix time in seconds at which it is lost (exclusive). */
  until: bigint
}

/** An answer, and everything that later calls need of it. */
export type AnswerRecord = JobAnswered & {
  block: bigint
  claim: Claim
  claimId: Hash
  settlement: Settlement
}

/** One job, as its events tell it. */
export type JobRecord = {
  id: Hash
  job: Job
  input: Uint8Array
  requestedBlock: bigint
  requestedAt: bigint
  seat: Seat | undefined
  answer: AnswerRecord | undefined
  openChallenges: number
  /** Unix time in seconds from which an answered job is final, if nothing is open. */
  finalAt: bigint
  end: 'settled' | 'refuted' | 'expired' | undefined
  /** Who refuted the answer. */
  refuter: Address | undefined
  /** Whether its callback was called with a final answer, successfully or not. */
  isDelivered: boolean
  /** Block of its newest event, or of an audit's of it. */
  changedBlock: bigint
  /** Where its events are in the journal. */
  entries: { blockNumber: bigint; logIndex: number }[]
}

/** One demand, as its events tell it. */
export type DemandRecord = {
  id: Hash
  jobId: Hash
  claimId: Hash
  demander: Address
  node: Node
  hash: Hash
  /** Unix time in seconds at which the operator's clock runs out (exclusive). */
  supplyUntil: bigint
  status: 'open' | 'supplied' | 'timedOut' | 'reclaimed'
  /** What was supplied. */
  data: Hex | undefined
  /** Unix time in seconds of the supply. */
  suppliedAt: bigint | undefined
}

/** One audit, as its events tell it. */
export type AuditRecord = {
  id: Hash
  order: AuditOrder
  /** Where it stands; the last three are final. */
  status: 'ordered' | 'opened' | 'confirmed' | 'paid' | 'slashed' | 'returned'
  /** Unix time in seconds. */
  orderedAt: bigint
  opening:
    | {
        /** Block whose hash draws. */
        seedBlock: bigint
        /** Unix time in seconds at which confirmations stop (exclusive). */
        confirmUntil: bigint
      }
    | undefined
  /** Who confirmed. */
  auditor: Address | undefined
  /** Whose escrow balance got the reward, once it is earned. */
  payout: Address | undefined
  /** Block of its newest event. */
  changedBlock: bigint
  /** Where its events are in the journal. */
  entries: { blockNumber: bigint; logIndex: number }[]
}

/** Whether nothing more comes of an audit. */
export function isEnded({ status }: AuditRecord): boolean {
  return status === 'paid' || status === 'slashed' || status === 'returned'
}
