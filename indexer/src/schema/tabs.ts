import { index, onchainTable, primaryKey, relations } from 'ponder'

import { place } from './columns.ts'
import { operator } from './stake.ts'

/** A `ReceiptLedger` with the terms that it keeps for good; times are seconds. */
export const receiptLedger = onchainTable('receipt_ledger', (t) => ({
  address: t.hex().primaryKey(),
  stakeRatioPpm: t.bigint().notNull(),
  stakeFloor: t.bigint().notNull(),
  demandBond: t.bigint().notNull(),
  releaseWindow: t.bigint().notNull(),
  horizon: t.bigint().notNull(),
  demandWindow: t.bigint().notNull(),
  responseWindow: t.bigint().notNull(),
  challengeWindow: t.bigint().notNull(),
  tabThaw: t.bigint().notNull(),
  signerDelay: t.bigint().notNull(),
  ...place(t),
}))

/** A key that signs receipts and settles for an operator: `ReceiptLedger.signerUntil`. */
export const receiptSigner = onchainTable(
  'receipt_signer',
  (t) => ({
    operator: t.hex().notNull(),
    signer: t.hex().notNull(),
    /** Receipts issued before it bind the operator. */
    until: t.bigint().notNull(),
    updatedAt: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.operator, table.signer] }) }),
)

/** What stands behind an operator's receipts: `ReceiptLedger.pledgeOf`. */
export const pledge = onchainTable('pledge', (t) => ({
  operator: t.hex().primaryKey(),
  pledged: t.bigint().notNull(),
  reserved: t.bigint().notNull(),
  batches: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
}))

/** What a payer set aside for an operator: `ReceiptLedger.tabOf`. Sums over the channel's life. */
export const tab = onchainTable(
  'tab',
  (t) => ({
    payer: t.hex().notNull(),
    operator: t.hex().notNull(),
    funded: t.bigint().notNull(),
    spent: t.bigint().notNull(),
    /** Time from which it can be closed and not collected; null if it does not thaw. */
    thawedAt: t.bigint(),
    epoch: t.bigint().notNull(),
    /** Receipt up to which the channel was collected. */
    sequence: t.bigint().notNull(),
    updatedAt: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.payer, table.operator] }),
    operatorIndex: index().on(table.operator),
  }),
)

export const operatorReceipts = relations(operator, ({ one, many }) => ({
  pledge: one(pledge, { fields: [operator.address], references: [pledge.operator] }),
  tabs: many(tab),
  receiptSigners: many(receiptSigner),
}))

export const tabRelations = relations(tab, ({ one }) => ({
  by: one(operator, { fields: [tab.operator], references: [operator.address] }),
}))

export const receiptSignerRelations = relations(receiptSigner, ({ one }) => ({
  by: one(operator, { fields: [receiptSigner.operator], references: [operator.address] }),
}))
