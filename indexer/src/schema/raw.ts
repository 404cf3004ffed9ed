import { index, onchainTable } from 'ponder'

import { place } from './columns.ts'

/** Every event of every contract, decoded; what all other tables are made of. */
export const chainEvent = onchainTable(
  'chain_event',
  (t) => ({
    id: t.text().primaryKey(),
    contract: t.text().notNull(),
    address: t.hex().notNull(),
    name: t.text().notNull(),
    args: t.json().notNull(),
    sender: t.hex().notNull(),
    blockHash: t.hex().notNull(),
    ...place(t),
  }),
  (table) => ({
    nameIndex: index().on(table.name),
    transactionIndex: index().on(table.transaction),
  }),
)

/** The contracts that are indexed. */
export const contract = onchainTable('contract', (t) => ({
  name: t.text().primaryKey(),
  address: t.hex().notNull(),
  startBlock: t.bigint().notNull(),
}))
