import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

import { GatewayJournalError } from '../errors.ts'

export type Row = Record<string, unknown>

/** SQLite, for this process alone. */
export type Database = {
  /** Reads see what waits to be written. */
  all: (sql: string, ...values: SQLInputValue[]) => Row[]
  get: (sql: string, ...values: SQLInputValue[]) => Row | undefined
  /** Writes at once: on return no end of the process undoes it. */
  write: (sql: string, ...values: SQLInputValue[]) => void
  /** The same, and on return not even a power cut undoes it. It stops everything else for a sync of the disk. */
  writeThrough: (sql: string, ...values: SQLInputValue[]) => void
  /** Writes with what else is written in these milliseconds; resolves once no end of the process undoes it. */
  writeSoon: (sql: string, ...values: SQLInputValue[]) => Promise<void>
  /** The same, and resolves once not even a power cut undoes it. */
  writeDurably: (sql: string, ...values: SQLInputValue[]) => Promise<void>
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
  id TEXT PRIMARY KEY, operator TEXT NOT NULL, payer TEXT NOT NULL, sequence INTEGER NOT NULL,
  document TEXT NOT NULL, request TEXT, key TEXT, stored_at INTEGER NOT NULL,
  UNIQUE (operator, payer, sequence)
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
CREATE TABLE IF NOT EXISTS payments (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, "transaction" TEXT, request_hash TEXT NOT NULL, stored_at INTEGER NOT NULL
) STRICT;
`

/** Milliseconds that writes wait for each other: one transaction, and one sync of the disk, serve all of them. */
const gatherMs = 4

type Pending = {
  isDurable: boolean
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
    // Every sync stops the streams of all clients, so only those writes have one that must outlast the machine.
    sql.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT')
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
  const durably = (isDurable: boolean) =>
    sql.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`)
  const gathered = createGathered({ atomically, run, durably })
  return {
    all(text, ...values) {
      gathered.flush()
      return prepare(text).all(...values)
    },
    get(text, ...values) {
      gathered.flush()
      return prepare(text).get(...values)
    },
    write: (text, ...values) => void run(text, values),
    writeThrough(text, ...values) {
      durably(true)
      try {
        run(text, values)
      } finally {
        durably(false)
      }
    },
    writeSoon: (text, ...values) => gathered.add(text, values, false),
    writeDurably: (text, ...values) => gathered.add(text, values, true),
    atomically,
    close() {
      gathered.flush()
      sql.close()
    },
  }
}

type CreateGatheredDependencies = {
  atomically: Database['atomically']
  run: (sql: string, values: SQLInputValue[]) => unknown
  /** Says whether the next transaction waits for the disk. */
  durably: (isDurable: boolean) => void
}

function createGathered({ atomically, run, durably }: CreateGatheredDependencies) {
  let pending: Pending[] = []
  let timer: NodeJS.Timeout | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const batch = pending
    pending = []
    if (batch.length === 0) return
    const isDurable = batch.some((entry) => entry.isDurable)
    try {
      if (isDurable) durably(true)
      atomically(() => {
        for (const { sql, values } of batch) run(sql, values)
      })
      if (isDurable) durably(false)
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  function add(sql: string, values: SQLInputValue[], isDurable: boolean) {
    timer ??= setTimeout(flush, gatherMs)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Most writers do not wait; who does sees the error.
    promise.catch(() => undefined)
    pending.push({ sql, values, isDurable, resolve, reject })
    return promise
  }
  return { add, flush }
}
