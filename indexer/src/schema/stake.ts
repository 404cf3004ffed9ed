import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

import { place, tally } from './columns.ts'
import { modelVersion } from './models.ts'

/** An operator's record and its totals. Its free stake and what it earned are in `account`. */
export const operator = onchainTable('operator', (t) => ({
  address: t.hex().primaryKey(),
  signer: t.hex(),
  payout: t.hex(),
  encryptionKey: t.hex(),
  endpoint: t.text(),
  registeredAt: t.bigint(),
  committed: t.integer().notNull().default(0),
  collected: t.bigint().notNull().default(0n),
  ...tally(t),
}))

/** What an operator asks for one request of a version, and whether it serves it. */
export const ask = onchainTable(
  'ask',
  (t) => ({
    operator: t.hex().notNull(),
    version: t.hex().notNull(),
    price: t.bigint().notNull(),
    serving: t.boolean().notNull(),
    updatedAt: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.operator, table.version] }),
    versionIndex: index().on(table.version),
  }),
)

export const operatorRelations = relations(operator, ({ many }) => ({
  asks: many(ask),
  positions: many(stakePosition),
}))

export const modelVersionAsks = relations(modelVersion, ({ many }) => ({ asks: many(ask) }))

export const askRelations = relations(ask, ({ one }) => ({
  by: one(operator, { fields: [ask.operator], references: [operator.address] }),
  of: one(modelVersion, { fields: [ask.version], references: [modelVersion.id] }),
}))

/** Stake of one operator behind one version in one source: `OperatorStaking.allocationOf`. */
export const stakePosition = onchainTable(
  'stake_position',
  (t) => ({
    source: t.hex().notNull(),
    version: t.hex().notNull(),
    operator: t.hex().notNull(),
    active: t.bigint().notNull(),
    pending: t.bigint().notNull(),
    thawing: t.bigint().notNull(),
    activeAt: t.bigint().notNull(),
    thawedAt: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.source, table.version, table.operator] }),
    operatorIndex: index().on(table.operator),
  }),
)

export const stakePositionRelations = relations(stakePosition, ({ one }) => ({
  by: one(operator, { fields: [stakePosition.operator], references: [operator.address] }),
}))

export const stakeMovementKind = onchainEnum('stake_movement_kind', [
  'Deposited',
  'Allocated',
  'Activated',
  'Thawed',
  'Freed',
  'Withdrawn',
  'Slashed',
  'RewardWithdrawn',
  'Burned',
])

export const stakeMovement = onchainTable(
  'stake_movement',
  (t) => ({
    id: t.text().primaryKey(),
    kind: stakeMovementKind().notNull(),
    operator: t.hex(),
    source: t.hex(),
    version: t.hex(),
    /** Other side: who deposited, received or refuted. */
    counterparty: t.hex(),
    amount: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({ operatorIndex: index().on(table.operator) }),
)

/** Stake taken from an operator. `burned` waits in the contract until somebody burns it. */
export const slashing = onchainTable(
  'slashing',
  (t) => ({
    id: t.text().primaryKey(),
    operator: t.hex().notNull(),
    source: t.hex().notNull(),
    version: t.hex().notNull(),
    /** What the source gave as reason: a claim, a receipt, or a job whose seat was forfeited. */
    reason: t.hex().notNull(),
    refuter: t.hex().notNull(),
    requested: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
    rewarded: t.bigint().notNull(),
    burned: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({ operatorIndex: index().on(table.operator), reasonIndex: index().on(table.reason) }),
)

export const refuter = onchainTable('refuter', (t) => ({
  address: t.hex().primaryKey(),
  refutations: t.integer().notNull(),
  rewarded: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
}))
