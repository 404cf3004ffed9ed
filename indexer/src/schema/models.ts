import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

import { place } from './columns.ts'

export const verifierStatus = onchainEnum('verifier_status', ['Approved', 'Tombstoned'])

export const model = onchainTable('model', (t) => ({
  id: t.hex().primaryKey(),
  publisher: t.hex().notNull(),
  proposedPublisher: t.hex(),
  salt: t.hex().notNull(),
  name: t.text().notNull(),
  ...place(t),
}))

export const modelVersion = onchainTable(
  'model_version',
  (t) => ({
    id: t.hex().primaryKey(),
    model: t.hex().notNull(),
    manifestHash: t.hex().notNull(),
    manifestUri: t.text().notNull(),
    deprecatedAt: t.bigint(),
    ...place(t),
  }),
  (table) => ({ modelIndex: index().on(table.model) }),
)

/** A verifier that a version accepts, and what it holds claims against. */
export const method = onchainTable(
  'method',
  (t) => ({
    version: t.hex().notNull(),
    verifier: t.hex().notNull(),
    root: t.hex().notNull(),
    data: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.version, table.verifier] }) }),
)

export const verifier = onchainTable('verifier', (t) => ({
  address: t.hex().primaryKey(),
  status: verifierStatus().notNull(),
  approvedAt: t.bigint(),
  tombstonedAt: t.bigint(),
}))

export const modelRelations = relations(model, ({ many }) => ({ versions: many(modelVersion) }))

export const modelVersionRelations = relations(modelVersion, ({ one, many }) => ({
  of: one(model, { fields: [modelVersion.model], references: [model.id] }),
  methods: many(method),
}))

export const methodRelations = relations(method, ({ one }) => ({
  of: one(modelVersion, { fields: [method.version], references: [modelVersion.id] }),
}))
