import type { Address, Hash } from 'viem'

import { drawOf } from './drawOf.ts'
import { waitOf } from './waitOf.ts'

/** The slot of an operator without free stake. */
export const slotNever = 2n ** 64n - 1n

export type SlotOfParameters = {
  /** Hash of the block after the one that holds the request. */
  seed: Hash
  operator: Address
  /** The operator's active stake on the model minus what is reserved. */
  weight: bigint
  /** All active stake on the model. */
  totalWeight: bigint
  /** The job's `tau`, in seconds. */
  tau: number
  /** Timestamp of the block that holds the request. */
  requestedAt: bigint
}

/**
 * Returns the Unix time in seconds from which an operator may answer a job: see docs/protocol/sortition.md.
 *
 * @example
 * slotOf({ seed, operator, weight: 500n, totalWeight: 2000n, tau: 2, requestedAt: 1_700_000_000n })
 * // 1700000005n
 */
export function slotOf(parameters: SlotOfParameters): bigint {
  const { seed, operator, weight, totalWeight, tau, requestedAt } = parameters
  if (weight === 0n) return slotNever
  const opens = requestedAt + waitOf({ draw: drawOf({ seed, operator }), weight, totalWeight, tau })
  return opens < slotNever ? opens : slotNever
}
