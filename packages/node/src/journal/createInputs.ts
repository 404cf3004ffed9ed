import type { Address, Hash } from 'viem'

import type { Clock } from '../support/clock.ts'
import type { Database } from './openDatabase.ts'
import { formatReaders, parseReaders } from './readers.ts'

/** An input that the event of its job does not show. */
export type KeptInput = {
  bytes: Uint8Array
  /** Who may have it; everybody if undefined. */
  readers?: readonly Address[] | undefined
}

/** Where a daemon keeps inputs that were posted to it, or that it opened. */
export type Inputs = ReturnType<typeof createInputs>

export function createInputs({ get, run }: Database, clock: Clock) {
  return {
    /** Keeps an input. One that everybody may have stays so. */
    put(hash: Hash, { bytes, readers }: KeptInput) {
      run(
        `INSERT INTO inputs (hash, bytes, readers, stored_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (hash) DO UPDATE SET
           readers = CASE WHEN readers IS NULL THEN NULL ELSE excluded.readers END`,
        ...[hash, bytes, formatReaders(readers), clock.now()],
      )
    },
    get(hash: Hash): KeptInput | undefined {
      const row = get('SELECT bytes, readers FROM inputs WHERE hash = ?', hash)
      if (row === undefined) return undefined
      return { bytes: row.bytes as Uint8Array, readers: parseReaders(row.readers) }
    },
  }
}
