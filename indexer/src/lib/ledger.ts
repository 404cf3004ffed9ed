import { account, posting } from 'ponder:schema'
import type { Hex } from 'viem'

import { type Account, accountId, linesOf, type Transfer } from './accounts.ts'
import type { Db } from './on.ts'
import type { Place } from './place.ts'

export type Movement = {
  at: Place
  /** Key of the event that moves. */
  id: string
  /** Name of that event. */
  event: string
  job?: Hex
}

/** Posts transfers: two lines each, and the balances of their accounts. */
export async function post(db: Db, movement: Movement, transfers: Transfer[]): Promise<void> {
  const { at, id, event, job } = movement
  for (const [index, line] of linesOf(transfers).entries()) {
    const key = accountId(line.account)
    const row = { id: `${id}-${index}`, movement: id, account: key, amount: line.amount, event }
    await db
      .insert(posting)
      .values({ ...row, job: job ?? null, ...at })
      .onConflictDoNothing()
    await addToAccount(db, key, line.account, line.amount, at.time)
  }
}

async function addToAccount(db: Db, id: string, of: Account, amount: bigint, time: bigint) {
  await db
    .insert(account)
    .values({ id, ...of, balance: amount, updatedAt: time })
    .onConflictDoUpdate((row) => ({ balance: row.balance + amount, updatedAt: time }))
}
