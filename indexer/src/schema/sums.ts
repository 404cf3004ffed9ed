import { onchainTable, primaryKey, relations } from 'ponder'

import { tally } from './columns.ts'
import { operator } from './stake.ts'

/** Days are counted in UTC since 1970. */
export const operatorDay = onchainTable(
  'operator_day',
  (t) => ({ operator: t.hex().notNull(), day: t.integer().notNull(), ...tally(t) }),
  (table) => ({ pk: primaryKey({ columns: [table.operator, table.day] }) }),
)

export const operatorSums = relations(operator, ({ many }) => ({ days: many(operatorDay) }))

export const operatorDayRelations = relations(operatorDay, ({ one }) => ({
  of: one(operator, { fields: [operatorDay.operator], references: [operator.address] }),
}))

export const protocolDay = onchainTable('protocol_day', (t) => ({
  day: t.integer().primaryKey(),
  requested: t.integer().notNull().default(0),
  expired: t.integer().notNull().default(0),
  escrowed: t.bigint().notNull().default(0n),
  refunded: t.bigint().notNull().default(0n),
  protocolFees: t.bigint().notNull().default(0n),
  rewarded: t.bigint().notNull().default(0n),
  ...tally(t),
}))
