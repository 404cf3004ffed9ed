import type { Hash } from 'viem'

import type { Clock } from '../support/clock.ts'
import type { Database, Row } from './openDatabase.ts'

/** Receipts that are settled together: a range of ordinals, which never changes. */
export type KeptBatch = {
  id: number
  /** Ordinals of its receipts; `last` is less than `first` if there are none. */
  first: number
  last: number
  /** Root of the tree of their ids; zero if there are none. */
  root: Hash
  count: number
  /** keccak256 of the batch's data; zero if there are no receipts. */
  dataHash: Hash
  /** Milliseconds since the epoch. */
  plannedAt: number
  /** Number in the ledger, and Unix time in seconds, once its settlement is final. */
  number: bigint | undefined
  settledAt: bigint | undefined
}

/** Where an operator keeps which receipts it settled together. */
export type Batches = ReturnType<typeof createBatches>

export function createBatches({ all, get, run }: Database, clock: Clock) {
  const one = (row: Row | undefined) => (row === undefined ? undefined : batchOf(row))
  return {
    /** Puts receipts into a batch. They must follow those of the last one. */
    add({ first, last, root, count, dataHash }: Pick<KeptBatch, BatchField>): KeptBatch {
      const { lastId } = run(
        `INSERT INTO batches (first, last, root, count, data_hash, planned_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
        ...[first, last, root, count, dataHash, clock.now()],
      )
      return batchOf(get('SELECT * FROM batches WHERE id = ?', lastId)!)
    },
    /** Notes what became of a batch. */
    settled: (id: number, { number, settledAt }: { number: bigint; settledAt: bigint }) =>
      run(
        'UPDATE batches SET number = ?, settled_at = ? WHERE id = ?',
        ...[number.toString(), Number(settledAt), id],
      ),
    /** Takes back that a batch is settled. */
    reopen: (id: number) =>
      run('UPDATE batches SET number = NULL, settled_at = NULL WHERE id = ?', id),
    last: () => one(get('SELECT * FROM batches ORDER BY id DESC LIMIT 1')),
    /** Batches whose settlement is not final, oldest first. */
    pending: () => all('SELECT * FROM batches WHERE number IS NULL ORDER BY id').map(batchOf),
    /** The batch with a root, or with the hash of its data. */
    named: (hash: Hash) =>
      one(get('SELECT * FROM batches WHERE root = ? OR data_hash = ?', hash, hash)),
    /** The batch that a receipt is in. */
    of: (ordinal: number) =>
      one(get('SELECT * FROM batches WHERE ? BETWEEN first AND last', ordinal)),
  }
}

type BatchField = 'first' | 'last' | 'root' | 'count' | 'dataHash'

function batchOf(row: Row): KeptBatch {
  return {
    id: Number(row.id),
    first: Number(row.first),
    last: Number(row.last),
    root: row.root as Hash,
    count: Number(row.count),
    dataHash: row.data_hash as Hash,
    plannedAt: Number(row.planned_at),
    number: row.number === null ? undefined : BigInt(String(row.number)),
    settledAt: row.settled_at === null ? undefined : BigInt(String(row.settled_at)),
  }
}
