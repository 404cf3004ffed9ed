import { operator, operatorDay, protocolDay } from 'ponder:schema'
import type { Address } from 'viem'

import type { Db } from './on.ts'
import { dayOf, type Place } from './place.ts'

/** What is added to the totals of an operator, of its day and of everybody's day. */
export type Tally = {
  answered?: number
  settled?: number
  refuted?: number
  forfeited?: number
  earned?: bigint
  slashed?: bigint
}

type Totals = Required<Tally>

function add(totals: Totals, more: Tally): Totals {
  return {
    answered: totals.answered + (more.answered ?? 0),
    settled: totals.settled + (more.settled ?? 0),
    refuted: totals.refuted + (more.refuted ?? 0),
    forfeited: totals.forfeited + (more.forfeited ?? 0),
    earned: totals.earned + (more.earned ?? 0n),
    slashed: totals.slashed + (more.slashed ?? 0n),
  }
}

/** Adds to an operator's totals, and to its and everybody's day. */
export async function count(db: Db, at: Place, address: Address, more: Tally): Promise<void> {
  const day = dayOf(at.time)
  await db
    .insert(operator)
    .values({ address, ...more })
    .onConflictDoUpdate((row) => add(row, more))
  await db
    .insert(operatorDay)
    .values({ operator: address, day, ...more })
    .onConflictDoUpdate((row) => add(row, more))
  await db
    .insert(protocolDay)
    .values({ day, ...more })
    .onConflictDoUpdate((row) => add(row, more))
}

/** What is added to everybody's day only. */
export type Flow = {
  requested?: number
  expired?: number
  escrowed?: bigint
  refunded?: bigint
  protocolFees?: bigint
  rewarded?: bigint
}

/** Adds to everybody's day. */
export async function countFlow(db: Db, at: Place, more: Flow): Promise<void> {
  await db
    .insert(protocolDay)
    .values({ day: dayOf(at.time), ...more })
    .onConflictDoUpdate((row) => ({
      requested: row.requested + (more.requested ?? 0),
      expired: row.expired + (more.expired ?? 0),
      escrowed: row.escrowed + (more.escrowed ?? 0n),
      refunded: row.refunded + (more.refunded ?? 0n),
      protocolFees: row.protocolFees + (more.protocolFees ?? 0n),
      rewarded: row.rewarded + (more.rewarded ?? 0n),
    }))
}
