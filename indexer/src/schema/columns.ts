import type { PgColumnsBuilders } from 'ponder'

/** Where in the chain a record comes from. */
export const place = (t: PgColumnsBuilders) => ({
  block: t.bigint().notNull(),
  time: t.bigint().notNull(),
  transaction: t.hex().notNull(),
  logIndex: t.integer().notNull(),
})

/** What an operator, or everybody on a day, has done. */
export const tally = (t: PgColumnsBuilders) => ({
  answered: t.integer().notNull().default(0),
  settled: t.integer().notNull().default(0),
  refuted: t.integer().notNull().default(0),
  forfeited: t.integer().notNull().default(0),
  earned: t.bigint().notNull().default(0n),
  slashed: t.bigint().notNull().default(0n),
})
