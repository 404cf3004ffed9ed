import { collectionStatuses } from '@assay/protocol/receipt'
import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

import { place } from './columns.ts'
import { operator } from './stake.ts'
import { tab } from './tabs.ts'

export const batchStatus = onchainEnum('batch_status', ['Settled', 'Released'])

/** `CollectionStatus` of the ledger. */
export const collectionStatus = onchainEnum('collection_status', [...collectionStatuses])

/**
 * A batch of receipts. Its columns are the `Batch` that `ReceiptLedger.release` and the penalties take, as it is after what
 * was refunded.
 */
export const batchSettlement = onchainTable(
  'batch_settlement',
  (t) => ({
    operator: t.hex().notNull(),
    number: t.bigint().notNull(),
    /** Slot of the operator's ring. */
    index: t.bigint().notNull(),
    root: t.hex().notNull(),
    /** Receipts under `root`. */
    count: t.bigint().notNull(),
    dataHash: t.hex().notNull(),
    /** The words of all outcomes, 32 bytes each, and keccak256 of them. */
    outcomes: t.hex().notNull(),
    outcomesHash: t.hex().notNull(),
    amount: t.bigint().notNull(),
    reserved: t.bigint().notNull(),
    settledAt: t.bigint().notNull(),
    status: batchStatus().notNull(),
    releasedAt: t.bigint(),
    /** Where it was paid to. */
    payout: t.hex(),
    ...place(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.operator, table.number] }),
    rootIndex: index().on(table.root),
  }),
)

/** One payer's part of a batch, also one that was refused. */
export const receiptCollection = onchainTable(
  'receipt_collection',
  (t) => ({
    operator: t.hex().notNull(),
    number: t.bigint().notNull(),
    /** Place among the batch's outcomes. */
    outcome: t.integer().notNull(),
    payer: t.hex().notNull(),
    status: collectionStatus().notNull(),
    sequence: t.bigint().notNull(),
    cumulativeFee: t.bigint().notNull(),
    /** Taken from the tab, and what of it went back. */
    amount: t.bigint().notNull(),
    refunded: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.operator, table.number, table.outcome] }),
    payerIndex: index().on(table.payer),
  }),
)

export const operatorBatches = relations(operator, ({ many }) => ({
  batches: many(batchSettlement),
}))

export const batchSettlementRelations = relations(batchSettlement, ({ one, many }) => ({
  by: one(operator, { fields: [batchSettlement.operator], references: [operator.address] }),
  collections: many(receiptCollection),
}))

export const receiptCollectionRelations = relations(receiptCollection, ({ one }) => ({
  in: one(batchSettlement, {
    fields: [receiptCollection.operator, receiptCollection.number],
    references: [batchSettlement.operator, batchSettlement.number],
  }),
  from: one(tab, {
    fields: [receiptCollection.payer, receiptCollection.operator],
    references: [tab.payer, tab.operator],
  }),
}))
