import { index, onchainEnum, onchainTable, relations } from 'ponder'

import { place } from './columns.ts'
import { operator, slashing } from './stake.ts'

/** What the chain knows of a disputed receipt: `ReceiptLedger.disputeOf`. Of others it knows nothing. */
export const receiptDispute = onchainTable(
  'receipt_dispute',
  (t) => ({
    id: t.hex().primaryKey(),
    /** Null until an event names it: challenges do not. */
    operator: t.hex(),
    equivocated: t.boolean().notNull(),
    omitted: t.boolean().notNull(),
    refuted: t.boolean().notNull(),
    refunded: t.boolean().notNull(),
    openChallenges: t.integer().notNull(),
    /** Time from which its claim cannot be challenged, where challenges put that off. */
    finalAt: t.bigint(),
    /** Key of the demand that it be opened; null if nobody does. */
    demand: t.text(),
    ...place(t),
  }),
  (table) => ({ operatorIndex: index().on(table.operator) }),
)

export const receiptSlashingKind = onchainEnum('receipt_slashing_kind', [
  'Equivocation',
  'Overcharge',
  'Omission',
  'Refutation',
])

/** A penalty: what was proven of a receipt, by whom, and what it cost. */
export const receiptSlashing = onchainTable(
  'receipt_slashing',
  (t) => ({
    id: t.text().primaryKey(),
    kind: receiptSlashingKind().notNull(),
    receipt: t.hex().notNull(),
    operator: t.hex().notNull(),
    /** Of two receipts in one place: the other one, and the place. */
    other: t.hex(),
    payer: t.hex(),
    sequence: t.bigint(),
    /** Batch that collected more than the receipt says, and how much more. */
    number: t.bigint(),
    excess: t.bigint(),
    /** Verifier that refuted the receipt's claim. */
    verifier: t.hex(),
    refuter: t.hex().notNull(),
    slashed: t.bigint().notNull(),
    rewarded: t.bigint().notNull(),
    burned: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({
    receiptIndex: index().on(table.receipt),
    operatorIndex: index().on(table.operator),
    refuterIndex: index().on(table.refuter),
  }),
)

export const receiptDemandStatus = onchainEnum('receipt_demand_status', [
  'Open',
  'Opened',
  'Omitted',
])

/** A bonded demand that a receipt be shown in a batch. A receipt that was opened can be demanded again. */
export const receiptDemand = onchainTable(
  'receipt_demand',
  (t) => ({
    id: t.text().primaryKey(),
    receipt: t.hex().notNull(),
    operator: t.hex().notNull(),
    demander: t.hex().notNull(),
    bond: t.bigint().notNull(),
    deadline: t.bigint().notNull(),
    status: receiptDemandStatus().notNull(),
    /** Batch and leaf that it was opened in. */
    number: t.bigint(),
    leaf: t.bigint(),
    endedAt: t.bigint(),
    ...place(t),
  }),
  (table) => ({
    receiptIndex: index().on(table.receipt),
    operatorIndex: index().on(table.operator),
    demanderIndex: index().on(table.demander),
  }),
)

/** What a pending batch gave back to a payer. */
export const receiptRefund = onchainTable(
  'receipt_refund',
  (t) => ({
    id: t.text().primaryKey(),
    receipt: t.hex().notNull(),
    payer: t.hex().notNull(),
    operator: t.hex().notNull(),
    number: t.bigint().notNull(),
    outcome: t.integer().notNull(),
    amount: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({ receiptIndex: index().on(table.receipt), payerIndex: index().on(table.payer) }),
)

export const operatorPenalties = relations(operator, ({ many }) => ({
  receiptSlashings: many(receiptSlashing),
  receiptDemands: many(receiptDemand),
}))

export const receiptDisputeRelations = relations(receiptDispute, ({ one, many }) => ({
  by: one(operator, { fields: [receiptDispute.operator], references: [operator.address] }),
  slashings: many(receiptSlashing),
  demands: many(receiptDemand),
  refunds: many(receiptRefund),
  /** The same penalties as the staking contract tells them. */
  stakeSlashings: many(slashing),
}))

export const slashingRelations = relations(slashing, ({ one }) => ({
  of: one(receiptDispute, { fields: [slashing.reason], references: [receiptDispute.id] }),
}))

export const receiptSlashingRelations = relations(receiptSlashing, ({ one }) => ({
  of: one(receiptDispute, { fields: [receiptSlashing.receipt], references: [receiptDispute.id] }),
  by: one(operator, { fields: [receiptSlashing.operator], references: [operator.address] }),
}))

export const receiptDemandRelations = relations(receiptDemand, ({ one }) => ({
  of: one(receiptDispute, { fields: [receiptDemand.receipt], references: [receiptDispute.id] }),
  by: one(operator, { fields: [receiptDemand.operator], references: [operator.address] }),
}))

export const receiptRefundRelations = relations(receiptRefund, ({ one }) => ({
  of: one(receiptDispute, { fields: [receiptRefund.receipt], references: [receiptDispute.id] }),
}))
