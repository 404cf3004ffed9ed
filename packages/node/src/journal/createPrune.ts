import type { Clock } from '../support/clock.ts'
import type { Database, Row } from './openDatabase.ts'

/**
 * Creates what forgets results, traces, inputs, notes, closed intents and settled receipts older than `ms`. Jobs and the
 * liability for receipts are over long before, so that no key forgotten can come up again. Channels are kept for good.
 */
export function createPrune({ all, run, atomically }: Database, clock: Clock) {
  const closed = "SELECT id FROM intents WHERE state IN ('final', 'dropped', 'abandoned')"

  /** A receipt goes with its whole batch, so that one that is left can be shown in its batch. */
  function pruneReceipts(before: number) {
    const old = all(
      'SELECT id, first, last FROM batches WHERE settled_at < ? AND id < (SELECT max(id) FROM batches)',
      Math.floor(before / 1000),
    )
    for (const { id, first, last } of old.map(numbers)) {
      run('DELETE FROM answers WHERE ordinal BETWEEN ? AND ?', first!, last!)
      run('DELETE FROM receipts WHERE ordinal BETWEEN ? AND ?', first!, last!)
      run('DELETE FROM batches WHERE id = ?', id!)
    }
  }

  return (ms: number) =>
    atomically(() => {
      const before = clock.now() - ms
      run('DELETE FROM results WHERE computed_at < ?', before)
      run('DELETE FROM traces WHERE stored_at < ?', before)
      run('DELETE FROM inputs WHERE stored_at < ?', before)
      run('DELETE FROM notes WHERE noted_at < ?', before)
      pruneReceipts(before)
      for (const table of ['subjects', 'transactions']) {
        run(`DELETE FROM ${table} WHERE intent_id IN (${closed} AND updated_at < ?)`, before)
      }
      run(`DELETE FROM intents WHERE id IN (${closed} AND updated_at < ?)`, before)
    })
}

function numbers(row: Row) {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]))
}
