import { pledge } from 'ponder:schema'
import type { Address } from 'viem'

import type { Db } from './on.ts'

type Pledge = typeof pledge.$inferSelect
type Amounts = Pick<Pledge, 'pledged' | 'reserved' | 'batches'>

const nothing: Amounts = { pledged: 0n, reserved: 0n, batches: 0n }

/** Changes what an operator pledged, which starts at nothing. */
export async function changePledge(
  db: Db,
  at: { time: bigint },
  operator: Address,
  by: (before: Amounts) => Partial<Amounts>,
): Promise<void> {
  await db
    .insert(pledge)
    .values({ operator, ...nothing, ...by(nothing), updatedAt: at.time })
    .onConflictDoUpdate((row) => ({ ...by(row), updatedAt: at.time }))
}
