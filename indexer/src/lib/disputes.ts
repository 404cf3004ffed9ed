import { receiptDispute, receiptSlashing, slashing } from 'ponder:schema'
import { and, desc, eq } from 'ponder'
import type { Hex } from 'viem'

import type { Db, Handled, LogEventNames } from './on.ts'
import { type Place, positionOf } from './place.ts'
import { changePledge } from './pledges.ts'

type Dispute = typeof receiptDispute.$inferSelect
type Slashing = typeof receiptSlashing.$inferSelect

const undisputed = {
  equivocated: false,
  omitted: false,
  refuted: false,
  refunded: false,
  openChallenges: 0,
}

/** Changes what is known of a disputed receipt. */
export async function dispute(
  db: Db,
  at: Place,
  id: Hex,
  facts: Partial<Omit<Dispute, 'id' | keyof Place>>,
): Promise<void> {
  await db
    .insert(receiptDispute)
    .values({ id, ...undisputed, ...facts, ...at })
    .onConflictDoUpdate(facts)
}

export type Penalty = Pick<Slashing, 'kind' | 'receipt' | 'operator' | 'refuter' | 'slashed'> &
  Partial<Pick<Slashing, 'other' | 'payer' | 'sequence' | 'number' | 'excess' | 'verifier'>>

/** Keeps a penalty, and takes what it slashed off the pledge as the ledger does; returns where the slash went. */
export async function penalise(
  { db, at, id }: Pick<Handled<LogEventNames>, 'db' | 'at' | 'id'>,
  penalty: Penalty,
): Promise<Pick<Slashing, 'rewarded' | 'burned'>> {
  const { operator, receipt, slashed } = penalty
  const rewarded = await rewardOf(db, at, receipt)
  const costs = { rewarded, burned: slashed - rewarded }
  await db
    .insert(receiptSlashing)
    .values({ id, ...penalty, ...costs, ...at })
    .onConflictDoNothing()
  await changePledge(db, at, operator, ({ pledged }) => ({
    pledged: pledged > slashed ? pledged - slashed : 0n,
  }))
  return costs
}

/** What the refuter got of the slash that came just before: the staking contract says that, the ledger does not. */
async function rewardOf(db: Db, at: Place, reason: Hex): Promise<bigint> {
  const [found] = await db.sql
    .select({ rewarded: slashing.rewarded })
    .from(slashing)
    .where(and(eq(slashing.transaction, at.transaction), eq(slashing.reason, reason)))
    .orderBy(desc(slashing.logIndex))
    .limit(1)
  return found?.rewarded ?? 0n
}

/** True if a refund at `at` is what an overcharge proven just before gives back: it is not of the receipt's fee. */
export async function isExcess(
  db: Db,
  at: Place,
  { receipt, number }: { receipt: Hex; number: bigint },
): Promise<boolean> {
  const before = positionOf({ block: at.block, logIndex: at.logIndex - 1 })
  const proven = await db.find(receiptSlashing, { id: before })
  return proven?.kind === 'Overcharge' && proven.receipt === receipt && proven.number === number
}
