import type { Address, Hash } from 'viem'

/** An audit as it was ordered, as in `contracts/types/Audit.sol`. */
export type AuditOrder = {
  /** Job whose answer is to be audited. */
  jobId: Hash
  /** Model version of the job. */
  model: Hash
  /** Who pays, and gets back what is not earned. */
  orderer: Address
  /** Probability that the answer is audited, in parts per million. */
  ratePpm: number
  /** Tokens the auditor earns, in token units. */
  reward: bigint
}

/** Where an audit stands, in the order of `AuditStatus` in `contracts/types/Audit.sol`. */
export const auditStatuses = [
  'None',
  'Ordered',
  'Opened',
  'Confirmed',
  'Paid',
  'Slashed',
  'Returned',
] as const

export type AuditStatus = (typeof auditStatuses)[number]
