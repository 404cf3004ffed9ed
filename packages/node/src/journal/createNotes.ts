import type { Clock } from '../support/clock.ts'
import type { Database } from './openDatabase.ts'

/** Small decisions that must survive a restart: why a job was declined, what a re-execution found. */
export type Notes = ReturnType<typeof createNotes>

export function createNotes({ all, get, run }: Database, clock: Clock) {
  return {
    put: (topic: string, subject: string, value: string) =>
      run(
        'INSERT OR REPLACE INTO notes (topic, subject, value, noted_at) VALUES (?, ?, ?, ?)',
        ...[topic, subject, value, clock.now()],
      ),
    get(topic: string, subject: string) {
      const row = get('SELECT value FROM notes WHERE topic = ? AND subject = ?', topic, subject)
      return row?.value as string | undefined
    },
    remove: (topic: string, subject: string) =>
      run('DELETE FROM notes WHERE topic = ? AND subject = ?', topic, subject),
    all: (topic: string) =>
      all('SELECT subject, value FROM notes WHERE topic = ? ORDER BY noted_at', topic).map(
        (row) => ({
          subject: String(row.subject),
          value: String(row.value),
        }),
      ),
  }
}
