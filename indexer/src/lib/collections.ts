import { receiptCollection, tab } from 'ponder:schema'
import type { Outcome } from '@assay/protocol/receipt'
import { type Address, encodePacked, type Hex, hexToBigInt, size, slice } from 'viem'

import { batches, type Transfer, tabs } from './accounts.ts'
import type { Db } from './on.ts'
import type { Place } from './place.ts'

export type Collected = { ledger: Address; operator: Address; number: bigint; outcomes: Outcome[] }

/** Keeps what became of a batch's collections, and returns what moved from tabs into the batch. */
export async function addCollections(
  db: Db,
  at: Place,
  { ledger, operator, number, outcomes }: Collected,
): Promise<Transfer[]> {
  const transfers: Transfer[] = []
  for (const [outcome, { payer, ...facts }] of outcomes.entries()) {
    const row = { operator, number, outcome, payer, ...facts, refunded: 0n, ...at }
    await db.insert(receiptCollection).values(row).onConflictDoNothing()
    if (facts.status !== 'Collected') continue
    const { cumulativeFee: spent, sequence, amount } = facts
    await db.update(tab, { payer, operator }).set({ spent, sequence, updatedAt: at.time })
    transfers.push({ from: tabs(payer, ledger), to: batches(operator, ledger), amount })
  }
  return transfers
}

/** Returns the words of outcomes as bytes: what their hash is taken of. */
export function pack(outcomes: readonly bigint[]): Hex {
  return encodePacked(['uint256[]'], [outcomes])
}

/** Returns the words that `pack` was given. */
export function unpack(packed: Hex): bigint[] {
  const words = Array.from({ length: size(packed) / 32 }, (_, i) => i * 32)
  return words.map((start) => hexToBigInt(slice(packed, start, start + 32)))
}
