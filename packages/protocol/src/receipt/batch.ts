import type { Address, Hash } from 'viem'

import { decodeOutcomes, hashOutcomes } from './outcomes.ts'

/** A settled batch as the ledger's functions take it. */
export type Batch = {
  operator: Address
  /** Its time and its slot, as `readBatchNumber` says; no other batch of the operator has it. */
  number: bigint
  root: Hash
  count: bigint
  outcomesHash: Hash
  /** Tokens that wait for the operator. */
  amount: bigint
}

/** Arguments of `BatchSettled`. */
export type BatchSettled = Pick<Batch, 'operator' | 'number' | 'root' | 'count'> & {
  outcomes: readonly bigint[]
}

/**
 * Returns the batch of an event, as it is until something of it is refunded. Throws `OutcomesMalformedError`.
 *
 * @example
 * const [log] = parseEventLogs({ abi: receiptLedgerAbi, eventName: 'BatchSettled', logs })
 * const batch = batchOf(log.args)
 */
export function batchOf({ operator, number, root, count, outcomes }: BatchSettled): Batch {
  const amount = decodeOutcomes(outcomes).reduce((sum, outcome) => sum + outcome.amount, 0n)
  return { operator, number, root, count, outcomesHash: hashOutcomes(outcomes), amount }
}

const INDEX_BITS = 24

/**
 * Returns what the number of a batch holds.
 *
 * @example
 * readBatchNumber(30198988800000003n)
 * // { settledAt: 1800000000n, index: 3 }
 */
export function readBatchNumber(number: bigint): {
  /** Unix time in seconds. */
  settledAt: bigint
  /** Slot of the operator's ring. */
  index: number
} {
  return {
    settledAt: number >> BigInt(INDEX_BITS),
    index: Number(BigInt.asUintN(INDEX_BITS, number)),
  }
}

export type ReservationParameters = {
  /** `amount` of a batch, in token units. */
  amount: bigint
  terms: { stakeRatioPpm: number; stakeFloor: bigint }
}

/** Returns the stake that a batch reserves until it is released. */
export function reservationOf({ amount, terms }: ReservationParameters): bigint {
  if (amount === 0n) return 0n
  const share = (amount * BigInt(terms.stakeRatioPpm)) / 1_000_000n
  return share > terms.stakeFloor ? share : terms.stakeFloor
}

export type RefundOutcomesParameters = {
  outcomes: readonly bigint[]
  /** Place of the refunded outcome. */
  outcome: number
  /** Tokens refunded. */
  amount: bigint
}

/** Returns outcomes after a `ReceiptRefunded`. */
export function refundOutcomes(parameters: RefundOutcomesParameters): bigint[] {
  const { outcomes, outcome, amount } = parameters
  return outcomes.map((word, i) => (i === 2 * outcome + 1 ? word - (amount << 128n) : word))
}

export type RefundBatchParameters = RefundOutcomesParameters & { batch: Batch }

/** Returns a batch and its outcomes after a `ReceiptRefunded`. */
export function refundBatch({ batch, ...refunded }: RefundBatchParameters) {
  const { amount } = refunded
  const changed = refundOutcomes(refunded)
  return {
    batch: { ...batch, outcomesHash: hashOutcomes(changed), amount: batch.amount - amount },
    outcomes: changed,
  }
}
