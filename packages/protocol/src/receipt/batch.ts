import type { Address, Hash } from 'viem'

import { hashOutcomes } from './outcomes.ts'

/** A settled batch as the ledger's functions take it. */
export type Batch = {
  operator: Address
  /** Slot of the operator's ring that it is in. */
  index: number
  number: bigint
  root: Hash
  count: bigint
  outcomesHash: Hash
  /** Tokens that wait for the operator. */
  amount: bigint
  reserved: bigint
  /** Unix time in seconds. */
  settledAt: bigint
}

/** Arguments of `BatchSettled`. */
export type BatchSettled = Pick<
  Batch,
  'operator' | 'index' | 'number' | 'root' | 'count' | 'amount' | 'reserved'
> & { outcomes: readonly bigint[] }

export type BatchOfParameters = {
  settled: BatchSettled
  /** Time of the block of the event, in Unix seconds. */
  settledAt: bigint
}

/** Returns the batch of an event, as it is until something of it is refunded. */
export function batchOf({ settled, settledAt }: BatchOfParameters): Batch {
  const { operator, index, number, root, count, amount, reserved, outcomes } = settled
  const outcomesHash = hashOutcomes(outcomes)
  return { operator, index, number, root, count, outcomesHash, amount, reserved, settledAt }
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
