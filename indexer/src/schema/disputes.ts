import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

import { place } from './columns.ts'
import { answer, job } from './jobs.ts'

export const tree = onchainEnum('tree', ['Trace', 'Tensor', 'Weights'])
export const demandStatus = onchainEnum('demand_status', [
  'Open',
  'Supplied',
  'TimedOut',
  'Reclaimed',
])

/** A bonded request to publish a committed node, and the data once it was supplied. */
export const demand = onchainTable(
  'demand',
  (t) => ({
    id: t.hex().primaryKey(),
    verifier: t.hex().notNull(),
    source: t.hex().notNull(),
    claimId: t.hex().notNull(),
    job: t.hex(),
    demander: t.hex().notNull(),
    tree: tree().notNull(),
    index: t.bigint().notNull(),
    leaf: t.bigint().notNull(),
    hash: t.hex().notNull(),
    bond: t.bigint().notNull(),
    supplyUntil: t.bigint().notNull(),
    status: demandStatus().notNull(),
    supplier: t.hex(),
    data: t.hex(),
    endedAt: t.bigint(),
    ...place(t),
  }),
  (table) => ({ claimIndex: index().on(table.claimId) }),
)

export const answerDemands = relations(answer, ({ many }) => ({ demands: many(demand) }))

export const demandRelations = relations(demand, ({ one }) => ({
  answer: one(answer, {
    fields: [demand.source, demand.claimId],
    references: [answer.market, answer.claimId],
  }),
}))

export const refutationKind = onchainEnum('refutation_kind', [
  'Element',
  'Output',
  'Row',
  'Execution',
  'Timeout',
  'Other',
])

/**
 * A claim that was proven wrong: how, by whom, and what it cost. `Other`: by a verifier that is not indexed. Sources can
 * repeat each other's claims, so only what has our market as `source` says anything about an answer.
 */
export const refutation = onchainTable(
  'refutation',
  (t) => ({
    source: t.hex().notNull(),
    claimId: t.hex().notNull(),
    kind: refutationKind().notNull(),
    job: t.hex(),
    operator: t.hex(),
    refuter: t.hex().notNull(),
    /** Where a wrong element or row is, and what it holds and should hold. */
    tensor: t.bigint(),
    row: t.bigint(),
    column: t.bigint(),
    committed: t.bigint(),
    computed: t.bigint(),
    /** Length of a wrong row, and what it should be. */
    length: t.bigint(),
    expected: t.bigint(),
    /** Hash of what the trace or the execution holds, and of what the claim says. */
    computedHash: t.hex(),
    claimedHash: t.hex(),
    demand: t.hex(),
    refund: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
    rewarded: t.bigint().notNull(),
    burned: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.source, table.claimId] }),
    operatorIndex: index().on(table.operator),
    refuterIndex: index().on(table.refuter),
  }),
)

export const jobRefutation = relations(job, ({ one }) => ({
  refutation: one(refutation, {
    fields: [job.market, job.claimId],
    references: [refutation.source, refutation.claimId],
  }),
}))
