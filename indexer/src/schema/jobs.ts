import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

import { place } from './columns.ts'
import { modelVersion } from './models.ts'
import { operator } from './stake.ts'

/** What a job's slot stores. `Challenged` and `Final` follow from `openChallenges` and `finalAt`: see `settlement`. */
export const storedStatus = onchainEnum('stored_status', [
  'Open',
  'Committed',
  'Answered',
  'Settled',
  'Refuted',
  'Expired',
])

/** A request, who holds or answered it, and what became of the money. Its claim is in `answer`. */
export const job = onchainTable(
  'job',
  (t) => ({
    id: t.hex().primaryKey(),
    market: t.hex().notNull(),
    payer: t.hex().notNull(),
    version: t.hex().notNull(),
    inputHash: t.hex().notNull(),
    verifier: t.hex().notNull(),
    feeMin: t.bigint().notNull(),
    feeMax: t.bigint().notNull(),
    ramp: t.bigint().notNull(),
    tau: t.bigint().notNull(),
    deadline: t.bigint().notNull(),
    challengeWindow: t.bigint().notNull(),
    parametersId: t.integer().notNull(),
    callbackGas: t.bigint().notNull(),
    callback: t.hex().notNull(),
    salt: t.hex().notNull(),
    input: t.hex().notNull(),

    storedStatus: storedStatus().notNull(),
    openChallenges: t.integer().notNull(),
    /** Time from which an answer is final if nothing is suspended; zero before the answer. */
    finalAt: t.bigint().notNull(),
    /** Who answered. */
    operator: t.hex(),
    /** Key in `commitment` of the sealed answer that holds the seat. */
    seat: t.text(),
    seatUntil: t.bigint(),
    claimId: t.hex(),
    /** What the operator earns; zero before the answer. */
    fee: t.bigint().notNull(),
    protocolFee: t.bigint().notNull(),
    reserved: t.bigint().notNull(),
    /** What went back to the payer at the end. */
    refund: t.bigint().notNull(),
    answeredAt: t.bigint(),
    settledAt: t.bigint(),
    refutedAt: t.bigint(),
    expiredAt: t.bigint(),
    /** Orders jobs by their request: place of `JobRequested` in the chain. */
    position: t.text().notNull(),
    ...place(t),
  }),
  (table) => ({
    payerIndex: index().on(table.payer),
    operatorIndex: index().on(table.operator),
    versionIndex: index().on(table.version),
    positionIndex: index().on(table.position),
  }),
)

/** Every change of every job, in order. */
export const jobTransition = onchainTable(
  'job_transition',
  (t) => ({
    id: t.text().primaryKey(),
    job: t.hex().notNull(),
    /** Event that made the change, and the stored status after it. */
    event: t.text().notNull(),
    storedStatus: storedStatus().notNull(),
    /** Operator, payer or refuter, as the event names one. */
    actor: t.hex(),
    ...place(t),
  }),
  (table) => ({ jobIndex: index().on(table.job) }),
)

export const commitmentStatus = onchainEnum('commitment_status', ['Open', 'Revealed', 'Forfeited'])

/** A sealed answer, and what became of its bond. */
export const commitment = onchainTable(
  'commitment',
  (t) => ({
    id: t.text().primaryKey(),
    job: t.hex().notNull(),
    operator: t.hex().notNull(),
    commitment: t.hex().notNull(),
    seatUntil: t.bigint().notNull(),
    bond: t.bigint().notNull(),
    slashed: t.bigint().notNull(),
    status: commitmentStatus().notNull(),
    ...place(t),
  }),
  (table) => ({ jobIndex: index().on(table.job) }),
)

/** A claim and its settlement, rebuilt from `JobRequested` and `JobAnswered` alone. */
export const answer = onchainTable(
  'answer',
  (t) => ({
    claimId: t.hex().primaryKey(),
    market: t.hex().notNull(),
    job: t.hex().notNull(),
    claimHash: t.hex().notNull(),
    settlementHash: t.hex().notNull(),
    version: t.hex().notNull(),
    operator: t.hex().notNull(),
    inputHash: t.hex().notNull(),
    outputHash: t.hex().notNull(),
    evidenceHash: t.hex().notNull(),
    payer: t.hex().notNull(),
    verifier: t.hex().notNull(),
    callback: t.hex().notNull(),
    callbackGas: t.bigint().notNull(),
    escrowed: t.bigint().notNull(),
    fee: t.bigint().notNull(),
    protocolFee: t.bigint().notNull(),
    reserved: t.bigint().notNull(),
    challengeUntil: t.bigint().notNull(),
    output: t.hex().notNull(),
    ...place(t),
  }),
  (table) => ({ jobIndex: index().on(table.job), operatorIndex: index().on(table.operator) }),
)

export const challengeKind = onchainEnum('challenge_kind', ['Suspended', 'Resumed'])

/** A suspension of an answer's finality, or the end of one; `open` are open after it. */
export const challenge = onchainTable(
  'challenge',
  (t) => ({
    id: t.text().primaryKey(),
    job: t.hex().notNull(),
    kind: challengeKind().notNull(),
    open: t.integer().notNull(),
    finalAt: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({ jobIndex: index().on(table.job) }),
)

/** An attempt to hand a result to the job's contract. */
export const callback = onchainTable(
  'callback',
  (t) => ({
    id: t.text().primaryKey(),
    job: t.hex().notNull(),
    callback: t.hex().notNull(),
    success: t.boolean().notNull(),
    ...place(t),
  }),
  (table) => ({ jobIndex: index().on(table.job) }),
)

/** Stake reserved for, and fees earned and not collected by, an operator on a version: `JobMarket.exposureOf`. */
export const exposure = onchainTable(
  'exposure',
  (t) => ({
    version: t.hex().notNull(),
    operator: t.hex().notNull(),
    reserved: t.bigint().notNull(),
    earned: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.version, table.operator] }) }),
)

/** Money that left the market: an operator's earnings, or (without operator) protocol fees. */
export const collection = onchainTable(
  'collection',
  (t) => ({
    id: t.text().primaryKey(),
    operator: t.hex(),
    version: t.hex(),
    to: t.hex().notNull(),
    amount: t.bigint().notNull(),
    ...place(t),
  }),
  (table) => ({ operatorIndex: index().on(table.operator) }),
)

export const jobRelations = relations(job, ({ one, many }) => ({
  answer: one(answer, { fields: [job.claimId], references: [answer.claimId] }),
  of: one(modelVersion, { fields: [job.version], references: [modelVersion.id] }),
  by: one(operator, { fields: [job.operator], references: [operator.address] }),
  transitions: many(jobTransition),
  commitments: many(commitment),
  challenges: many(challenge),
  callbacks: many(callback),
}))

export const jobTransitionRelations = relations(jobTransition, ({ one }) => ({
  of: one(job, { fields: [jobTransition.job], references: [job.id] }),
}))

export const commitmentRelations = relations(commitment, ({ one }) => ({
  of: one(job, { fields: [commitment.job], references: [job.id] }),
}))

export const challengeRelations = relations(challenge, ({ one }) => ({
  of: one(job, { fields: [challenge.job], references: [job.id] }),
}))

export const callbackRelations = relations(callback, ({ one }) => ({
  of: one(job, { fields: [callback.job], references: [job.id] }),
}))

export const operatorAnswers = relations(operator, ({ many }) => ({ answers: many(answer) }))

export const answerRelations = relations(answer, ({ one }) => ({
  of: one(job, { fields: [answer.job], references: [job.id] }),
  by: one(operator, { fields: [answer.operator], references: [operator.address] }),
}))
