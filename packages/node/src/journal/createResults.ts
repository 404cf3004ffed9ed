import type { Address, Hash } from 'viem'

import type { Clock } from '../support/clock.ts'
import type { Database } from './openDatabase.ts'
import { formatReaders, parseReaders } from './readers.ts'

/** What a model gave for a request. A pure function of the request, so no reorganisation can make it stale. */
export type StoredResult = { output: Uint8Array; evidenceHash: Hash }

/** What shows how a result came about. */
export type StoredTrace = {
  bytes: Uint8Array<ArrayBuffer>
  /** Who may have it; everybody if undefined. */
  readers: readonly Address[] | undefined
}

/** Where an operator keeps results and the traces that it must be able to show. */
export type Results = ReturnType<typeof createResults>

const insertTrace =
  'INSERT OR REPLACE INTO traces (claim_id, bytes, readers, stored_at) VALUES (?, ?, ?, ?)'

export function createResults({ get, run, atomically }: Database, clock: Clock) {
  return {
    /** Keeps a result and the trace behind it, so that an answer can never be on chain without its trace here. */
    put(
      jobId: Hash,
      claimId: Hash,
      result: StoredResult & { trace: Uint8Array; readers?: readonly Address[] | undefined },
    ) {
      const { output, evidenceHash, trace, readers } = result
      const now = clock.now()
      atomically(() => {
        run(
          'INSERT OR REPLACE INTO results (subject, output, evidence_hash, computed_at) VALUES (?, ?, ?, ?)',
          ...[jobId, output, evidenceHash, now],
        )
        run(insertTrace, claimId, trace, formatReaders(readers), now)
      })
    },
    /** Keeps the trace of a claim whose answer is kept elsewhere. */
    putTrace(claimId: Hash, trace: Uint8Array, readers: readonly Address[] | undefined) {
      run(insertTrace, claimId, trace, formatReaders(readers), clock.now())
    },
    get(jobId: Hash): StoredResult | undefined {
      const row = get('SELECT output, evidence_hash FROM results WHERE subject = ?', jobId)
      if (row === undefined) return undefined
      return { output: row.output as Uint8Array, evidenceHash: row.evidence_hash as Hash }
    },
    trace(claimId: Hash): StoredTrace | undefined {
      const row = get('SELECT bytes, readers FROM traces WHERE claim_id = ?', claimId)
      if (row === undefined) return undefined
      return { bytes: row.bytes as Uint8Array<ArrayBuffer>, readers: parseReaders(row.readers) }
    },
  }
}
