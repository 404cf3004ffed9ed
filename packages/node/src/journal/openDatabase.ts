import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

import { JournalLockedError, JournalTooNewError } from './errors.ts'
import { migrations } from './migrations.ts'

export type Row = Record<string, unknown>

/** A database of this process alone. */
export type Database = {
  all: (sql: string, ...values: SQLInputValue[]) => Row[]
  get: (sql: string, ...values: SQLInputValue[]) => Row | undefined
  /** Runs a write and returns how many rows it changed and the id of the last one added. */
  run: (sql: string, ...values: SQLInputValue[]) => { changes: number; lastId: number }
  /** Runs `work`; either all of its writes last or none. */
  atomically: <result>(work: () => result) => result
  close: () => void
}

/** Opens the database at `path` for this process alone, and brings its schema up to date. */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sql = new DatabaseSync(path, { timeout: 0 })
  try {
    lock(sql)
  } catch (cause) {
    sql.close()
    throw new JournalLockedError({ path, cause })
  }
  const database = wrap(sql)
  migrate(sql, database)
  return database
}

/**
 * Set before the first read, the lock lasts as long as the connection, and the system frees it even after SIGKILL, so
 * that no stale lock file can block a restart.
 */
function lock(sql: DatabaseSync) {
  sql.exec('PRAGMA locking_mode = EXCLUSIVE')
  sql.exec('PRAGMA journal_mode = WAL')
  sql.exec('PRAGMA synchronous = FULL')
  sql.exec('PRAGMA foreign_keys = ON')
  sql.exec('BEGIN IMMEDIATE')
  sql.exec('COMMIT')
}

function wrap(sql: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>()
  const prepare = (text: string) => {
    const statement = statements.get(text) ?? sql.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    all: (text, ...values) => prepare(text).all(...values),
    get: (text, ...values) => prepare(text).get(...values),
    run(text, ...values) {
      const { changes, lastInsertRowid } = prepare(text).run(...values)
      return { changes: Number(changes), lastId: Number(lastInsertRowid) }
    },
    atomically: transactionsOn(sql),
    close: () => sql.close(),
  }
}

function transactionsOn(sql: DatabaseSync): Database['atomically'] {
  return (work) => {
    if (sql.isTransaction) return work()
    sql.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sql.exec('COMMIT')
      return result
    } catch (error) {
      sql.exec('ROLLBACK')
      throw error
    }
  }
}

function migrate(sql: DatabaseSync, { get, atomically }: Database) {
  const version = Number(get('PRAGMA user_version')!.user_version)
  if (version > migrations.length) {
    sql.close()
    throw new JournalTooNewError({ version, known: migrations.length })
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue
    atomically(() => {
      sql.exec(migration)
      sql.exec(`PRAGMA user_version = ${index + 1}`)
    })
  }
}
