import type { Address, Hash } from 'viem'

import type { AuditRecord } from '../book/records.ts'

/** What an auditor is told. */
export type AuditingPolicy = {
  /** Account whose stake stands behind confirmations: the key's own, or one that registered the key as its signer. */
  auditor: Address
  /** Least reward, in token units, that an audit is worth. */
  minReward: bigint
  /** Which audits to end: those it confirmed or ordered, or everybody's. */
  settles: 'own' | 'all'
}

/** What never changes about audits. Times are in seconds. */
export type AuditTerms = {
  confirmWindow: bigint
  /** Stake reserved per reward, in parts per million. */
  liabilityRatioPpm: bigint
  /** Least stake reserved, in token units. */
  liabilityFloor: bigint
  /** Longest time from an order to the request of its job. */
  requestWindow: bigint
  /** Time that an operator has to supply what is demanded. */
  supplyWindow: bigint
}

/** An auditor's stake on one model version, in token units. */
export type AuditStake = {
  active: bigint
  /** Of it, what its confirmations reserve. */
  reserved: bigint
  pending: bigint
  /** Unix time in seconds from which `pending` may be activated. */
  activeAt: bigint
}

/** What an opened audit's seed says. */
export type Draw = {
  isDrawn: boolean
  /** Unix time in seconds from which the auditor may confirm. */
  opensAt: bigint
}

/** What an auditor knows of the newest block. */
export type AuditState = {
  /** Hash of the block that the rest was read at. */
  at: Hash | undefined
  /** Whether the key may act for the auditor. */
  isEligible: boolean
  /** By model version. */
  stakes: Map<Hash, AuditStake>
  /** By audit, for opened ones whose seed is there. */
  draws: Map<Hash, Draw>
}

/** Something that an auditor found. */
export type AuditingEvent =
  /** The key is neither the auditor's own nor its registered signer: nothing is audited until it is. */
  | { type: 'ineligible'; auditor: Address }
  /** The answer is audited, and the auditor may confirm it from `opensAt`. */
  | { type: 'drawn'; auditId: Hash; jobId: Hash; opensAt: bigint }
  /** An audit that the auditor confirmed is over. */
  | { type: 'audited'; auditId: Hash; jobId: Hash; outcome: AuditRecord['status'] }

/** Returns the stake that a confirmation reserves: `Audits.liabilityOf`. */
export function liabilityOf(
  { liabilityRatioPpm, liabilityFloor }: AuditTerms,
  { order }: AuditRecord,
): bigint {
  const liability = (order.reward * liabilityRatioPpm) / 1_000_000n
  return liability > liabilityFloor ? liability : liabilityFloor
}
