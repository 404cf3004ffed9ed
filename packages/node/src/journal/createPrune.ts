import type { Clock } from '../support/clock.ts'
import type { Database } from './openDatabase.ts'

/**
 * Creates what forgets results, traces, inputs, notes and closed intents older than `ms`. Jobs are over long before, so that
 * no key forgotten can come up again.
 */
export function createPrune({ run, atomically }: Database, clock: Clock) {
  const closed = "SELECT id FROM intents WHERE state IN ('final', 'dropped', 'abandoned')"
  return (ms: number) =>
    atomically(() => {
      const before = clock.now() - ms
      run('DELETE FROM results WHERE computed_at < ?', before)
      run('DELETE FROM traces WHERE stored_at < ?', before)
      run('DELETE FROM inputs WHERE stored_at < ?', before)
      run('DELETE FROM notes WHERE noted_at < ?', before)
      for (const table of ['subjects', 'transactions']) {
        run(`DELETE FROM ${table} WHERE intent_id IN (${closed} AND updated_at < ?)`, before)
      }
      run(`DELETE FROM intents WHERE id IN (${closed} AND updated_at < ?)`, before)
    })
}
