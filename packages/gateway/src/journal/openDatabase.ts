import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

import { GatewayJournalError } from '../errors.ts'

export type Row = Record<string, unknown>

/** SQLite, for this process alone. */
export type Database = {
  all: (sql: string, ...values: SQLInputValue[]) => Row[]
  get: (sql: string, ...values: SQLInputValue[]) => Row | undefined
  /** Writes at once: on return it lasts. */
  write: (sql: string, ...values: SQLInputValue[]) => void
  /** Writes with what else is written in these milliseconds. The promise resolves once it lasts. */
  writeSoon: (sql: string, ...values: SQLInputValue[]) => Promise<void>
  /** Runs several writes of which all last or none. */
  atomically: (work: () => void) => void
  /** Writes what waits, and ends. */
  close: () => void
}

const schema = `
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS channels (
  operator TEXT PRIMARY KEY, cap TEXT NOT NULL, ordered TEXT NOT NULL, epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS receipts (
  id TEXT PRIMARY KEY, operator TEXT NOT NULL, sequence INTEGER NOT NULL, document TEXT NOT NULL,
  request TEXT, key TEXT, stored_at INTEGER NOT NULL, UNIQUE (operator, sequence)
) STRICT;
CREATE TABLE IF NOT EXISTS evidence (
  id INTEGER PRIMARY KEY, operator TEXT NOT NULL, about TEXT NOT NULL, reason TEXT NOT NULL,
  documents TEXT NOT NULL, stored_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS attempts (
  request TEXT NOT NULL, upstream TEXT NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL,
  outcome TEXT, elapsed_ms INTEGER, started_at INTEGER NOT NULL, PRIMARY KEY (request, upstream)
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
  request TEXT PRIMARY KEY, body_hash TEXT NOT NULL, answer TEXT, body BLOB, stored_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS spending (
  key TEXT NOT NULL, period TEXT NOT NULL, amount TEXT NOT NULL, PRIMARY KEY (key, period)
) STRICT;
`

/** Milliseconds that writes wait for each other: one sync of the disk serves all of them. */
const gatherMs = 4

type Pending = {
  sql: string
  values: SQLInputValue[]
  resolve: () => void
  reject: (error: unknown) => void
}

/** Opens the database at `path`; throws `GatewayJournalError` if another process has it open. */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sql = new DatabaseSync(path, { timeout: 0 })
  try {
    // The system frees the lock with the process, however that ends: none is left behind to block a restart.
    sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    sql.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT')
    sql.exec(schema)
  } catch (cause) {
    sql.close()
    throw new GatewayJournalError(`The journal ${path} cannot be used.`, { cause })
  }
  return wrap(sql)
}

function wrap(sql: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>()
  const prepare = (text: string) => {
    const statement = statements.get(text) ?? sql.prepare(text)
    statements.set(text, statement)
    return statement
  }
  const atomically = (work: () => void) => {
    sql.exec('BEGIN IMMEDIATE')
    try {
      work()
      sql.exec('COMMIT')
    } catch (error) {
      sql.exec('ROLLBACK')
      throw error
    }
  }
  const run = (text: string, values: SQLInputValue[]) => prepare(text).run(...values)
  const gathered = createGathered(atomically, run)
  return {
    all: (text, ...values) => prepare(text).all(...values),
    get: (text, ...values) => prepare(text).get(...values),
    write: (text, ...values) => void run(text, values),
    writeSoon: (text, ...values) => gathered.add(text, values),
    atomically,
    close() {
      gathered.flush()
      sql.close()
    },
  }
}

function createGathered(
  atomically: Database['atomically'],
  run: (sql: string, values: SQLInputValue[]) => unknown,
) {
  let pending: Pending[] = []
  let timer: NodeJS.Timeout | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const batch = pending
    pending = []
    if (batch.length === 0) return
    try {
      atomically(() => {
        for (const { sql, values } of batch) run(sql, values)
      })
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  function add(sql: string, values: SQLInputValue[]) {
    timer ??= setTimeout(flush, gatherMs)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Most writers do not wait; who does sees the error.
    promise.catch(() => undefined)
    pending.push({ sql, values, resolve, reject })
    return promise
  }
  return { add, flush }
}
