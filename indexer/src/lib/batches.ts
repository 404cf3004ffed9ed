import { batchSettlement, receiptLedger } from 'ponder:schema'
import { hashOutcomes, refundOutcomes, reservationOf } from '@assay/protocol/receipt'
import type { Address } from 'viem'

import { pack, unpack } from './collections.ts'
import type { Db } from './on.ts'
import { changePledge } from './pledges.ts'

/** Returns the stake that a ledger reserves for a batch of an amount. */
export async function reservationFor(db: Db, address: Address, amount: bigint): Promise<bigint> {
  // The ledger's first event tells its terms.
  const { stakeRatioPpm, stakeFloor } = (await db.find(receiptLedger, { address }))!
  return reservationOf({ amount, terms: { stakeRatioPpm: Number(stakeRatioPpm), stakeFloor } })
}

export type RefundBatchOfParameters = {
  ledger: Address
  operator: Address
  number: bigint
  /** Place of the refunded outcome. */
  outcome: number
  amount: bigint
}

/** Takes a refund out of a batch that waits, and frees the stake that stood behind it. */
export async function refundBatchOf(
  db: Db,
  at: { time: bigint },
  { ledger, operator, number, outcome, amount }: RefundBatchOfParameters,
): Promise<void> {
  const batch = (await db.find(batchSettlement, { operator, number }))!
  const words = refundOutcomes({ outcomes: unpack(batch.outcomes), outcome, amount })
  const rest = batch.amount - amount
  const reserved = await reservationFor(db, ledger, rest)
  await db.update(batchSettlement, { operator, number }).set({
    ...{ outcomes: pack(words), outcomesHash: hashOutcomes(words) },
    ...{ amount: rest, reserved },
  })
  const freed = batch.reserved - reserved
  await changePledge(db, at, operator, (before) => ({ reserved: before.reserved - freed }))
}
