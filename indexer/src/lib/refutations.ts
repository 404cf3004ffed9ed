import { answer, refutation } from 'ponder:schema'
import { type Address, type Hex, isAddressEqual } from 'viem'

import type { Db } from './on.ts'
import type { Place } from './place.ts'

type Refutation = typeof refutation.$inferSelect
type Facts = Partial<Omit<Refutation, 'source' | 'claimId' | 'kind' | 'refuter' | keyof Place>>

export type Refuted = {
  source: Address
  claimId: Hex
  refuter: Address
}

const nothing = { refund: 0n, slashed: 0n, rewarded: 0n, burned: 0n }

/** Keeps how a claim was refuted, as its verifier says: the first of the three events of a refutation. */
export async function addRefutation(
  db: Db,
  at: Place,
  { source, claimId, refuter }: Refuted,
  facts: Facts & Pick<Refutation, 'kind'>,
): Promise<void> {
  await db
    .insert(refutation)
    .values({ source, claimId, refuter, ...nothing, ...facts, ...at })
    .onConflictDoUpdate(facts)
}

/** Keeps what a refutation cost; one by a verifier that is not indexed begins here. */
export async function addCost(db: Db, at: Place, refuted: Refuted, facts: Facts): Promise<void> {
  const { source, claimId, refuter } = refuted
  await db
    .insert(refutation)
    .values({ source, claimId, refuter, kind: 'Other', ...nothing, ...facts, ...at })
    .onConflictDoUpdate(facts)
}

/** True for a reason of a slash that is a claim of ours: other sources, and forfeited seats, have other reasons. */
export async function isClaimOf(db: Db, source: Address, reason: Hex): Promise<boolean> {
  const found = await db.find(answer, { claimId: reason })
  return found !== null && isAddressEqual(found.market, source)
}
