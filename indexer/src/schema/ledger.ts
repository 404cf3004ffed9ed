import { index, onchainEnum, onchainTable, relations } from 'ponder'

import { place } from './columns.ts'
import { job } from './jobs.ts'

export const book = onchainEnum('book', ['Escrow', 'Staking'])

/**
 * Kinds of account. `Wallet` is outside the contract, everything else is inside, so that the inside accounts of a book
 * add up to the contract's token balance and all accounts of a book to zero.
 */
export const accountKind = onchainEnum('account_kind', [
  'Wallet',
  'Payer',
  'Held',
  'Tab',
  'Batch',
  'Bond',
  'Earned',
  'Protocol',
  'Clearing',
  'Free',
  'Active',
  'Pending',
  'Thawing',
  'Reward',
  'Unburned',
])

export const account = onchainTable(
  'account',
  (t) => ({
    id: t.text().primaryKey(),
    book: book().notNull(),
    kind: accountKind().notNull(),
    /** Payer, operator, refuter or wallet. */
    holder: t.hex(),
    /** Spender of the escrow, or source of stake. */
    spender: t.hex(),
    version: t.hex(),
    balance: t.bigint().notNull(),
    updatedAt: t.bigint().notNull(),
  }),
  (table) => ({ holderIndex: index().on(table.holder) }),
)

/** One half of a movement: `amount` is positive where the account is credited, and a movement adds up to zero. */
export const posting = onchainTable(
  'posting',
  (t) => ({
    id: t.text().primaryKey(),
    movement: t.text().notNull(),
    account: t.text().notNull(),
    amount: t.bigint().notNull(),
    event: t.text().notNull(),
    job: t.hex(),
    ...place(t),
  }),
  (table) => ({ accountIndex: index().on(table.account), jobIndex: index().on(table.job) }),
)

export const accountRelations = relations(account, ({ many }) => ({ postings: many(posting) }))

export const postingRelations = relations(posting, ({ one }) => ({
  in: one(account, { fields: [posting.account], references: [account.id] }),
  for: one(job, { fields: [posting.job], references: [job.id] }),
}))

export const jobPostings = relations(job, ({ many }) => ({ postings: many(posting) }))
