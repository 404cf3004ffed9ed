import { index, onchainEnum, onchainTable, relations } from 'ponder'

import { place } from './columns.ts'
import { answer, job } from './jobs.ts'
import { operator } from './stake.ts'

/** `AuditStatus` of the contracts. */
export const auditStatus = onchainEnum('audit_status', [
  'Ordered',
  'Opened',
  'Confirmed',
  'Paid',
  'Slashed',
  'Returned',
])

/**
 * A paid audit of a job's answer. Several may be ordered of one job. Stake reserved by `Audits.reservedOf` is the sum of
 * `liability` over an auditor's confirmed ones.
 */
export const audit = onchainTable(
  'audit',
  (t) => ({
    id: t.hex().primaryKey(),
    /** The `Audits` contract. */
    contract: t.hex().notNull(),
    job: t.hex().notNull(),
    version: t.hex().notNull(),
    orderer: t.hex().notNull(),
    /** Probability that the answer is audited, in parts per million. */
    ratePpm: t.bigint().notNull(),
    reward: t.bigint().notNull(),
    status: auditStatus().notNull(),
    /** Claim that was on-chain when it was opened. */
    claimId: t.hex(),
    /** Block whose hash draws. */
    seedBlock: t.bigint(),
    openedAt: t.bigint(),
    /** Time at which confirmations stop. */
    confirmUntil: t.bigint(),
    /** Who confirmed, and the stake that it reserved for that. */
    auditor: t.hex(),
    liability: t.bigint(),
    confirmedAt: t.bigint(),
    /** Where the reward was credited to. */
    payout: t.hex(),
    /** Stake that the auditor lost. */
    slashed: t.bigint(),
    /** What went back to whoever ordered. */
    refund: t.bigint(),
    endedAt: t.bigint(),
    ...place(t),
  }),
  (table) => ({
    jobIndex: index().on(table.job),
    claimIndex: index().on(table.claimId),
    ordererIndex: index().on(table.orderer),
    auditorIndex: index().on(table.auditor),
  }),
)

export const jobAudits = relations(job, ({ many }) => ({ audits: many(audit) }))

export const answerAudits = relations(answer, ({ many }) => ({ audits: many(audit) }))

export const operatorAudits = relations(operator, ({ many }) => ({ audits: many(audit) }))

export const auditRelations = relations(audit, ({ one }) => ({
  of: one(job, { fields: [audit.job], references: [job.id] }),
  answer: one(answer, { fields: [audit.claimId], references: [answer.claimId] }),
  by: one(operator, { fields: [audit.auditor], references: [operator.address] }),
}))
