import type { Intent, IntentKind } from './intent.ts'
import { intentOf, transactionOf } from './intentRows.ts'
import type { Database, Row } from './openDatabase.ts'

/** What the journal knows of its intents. */
export function createIntentQueries({ all, get }: Database) {
  const one = (row: Row | undefined) => (row === undefined ? undefined : intentOf(row))
  return {
    find: (key: string) => one(get('SELECT * FROM intents WHERE key = ?', key)),
    get: (id: number) => intentOf(get('SELECT * FROM intents WHERE id = ?', id)!),
    /** Whether an unfinished or final intent of `kind` is about `subject`. */
    isTaken: (kind: IntentKind, subject: string) =>
      get('SELECT 1 FROM subjects WHERE kind = ? AND subject = ?', kind, subject) !== undefined,
    /** The unfinished or final intent of `kind` about `subject`. */
    about: (kind: IntentKind, subject: string) =>
      one(
        get(
          `SELECT intents.* FROM intents JOIN subjects ON subjects.intent_id = intents.id
           WHERE subjects.kind = ? AND subjects.subject = ?`,
          kind,
          subject,
        ),
      ),
    /** Intents without a nonce, oldest first. */
    planned: () =>
      all("SELECT * FROM intents WHERE state = 'planned' ORDER BY planned_at, id").map(intentOf),
    /** Intents that hold a nonce which is not spent for good, by nonce. */
    live: () =>
      all("SELECT * FROM intents WHERE state IN ('signed', 'sent', 'mined') ORDER BY nonce").map(
        intentOf,
      ),
    /** The newest intent of a kind. */
    last: (kind: IntentKind) =>
      one(get('SELECT * FROM intents WHERE kind = ? ORDER BY id DESC LIMIT 1', kind)),
    /** How many intents are in each state. */
    counts: () =>
      Object.fromEntries(
        all('SELECT state, count(*) AS count FROM intents GROUP BY state').map((row) => [
          String(row.state),
          Number(row.count),
        ]),
      ),
    /** Transactions that carry an intent under its present nonce, oldest first. */
    transactionsOf: ({ id, nonce }: Pick<Intent, 'id' | 'nonce'>) =>
      all(
        'SELECT * FROM transactions WHERE intent_id = ? AND nonce = ? ORDER BY rowid',
        id,
        nonce,
      ).map(transactionOf),
    /** Every transaction with a nonce of `first` or higher, by nonce, oldest first. */
    transactionsFrom: (first: number) =>
      all('SELECT * FROM transactions WHERE nonce >= ? ORDER BY nonce, rowid', first).map(
        transactionOf,
      ),
  }
}
