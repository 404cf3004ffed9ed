import type { Hash } from 'viem'

import type { Clock } from '../support/clock.ts'
import { IntentStateError, SubjectTakenError } from './errors.ts'
import type { Intent, IntentKind, IntentPlan, IntentState, SignedTransaction } from './intent.ts'
import { intentOf } from './intentRows.ts'
import type { Database } from './openDatabase.ts'

/** Everything that changes the journal's intents. What a method wrote is durable when it returns. */
export function createIntentWrites(database: Database, clock: Clock) {
  const { run, atomically } = database
  const move = createMove(database, clock)

  /** Ends an intent without effect, so that its subjects can be planned again. */
  function close(id: number, from: readonly IntentState[], state: IntentState, reason: string) {
    atomically(() => {
      move(id, from, 'state = ?, reason = ?', state, reason)
      run('DELETE FROM subjects WHERE intent_id = ?', id)
    })
  }

  return {
    plan: createPlan(database, clock),
    /** Stores a signed transaction, first or replacement, before it is sent. */
    sign: createSign(database, clock, move),
    /** Notes that a node took a transaction. */
    sent(id: number, hash: Hash) {
      atomically(() => {
        run('UPDATE transactions SET sent_at = ? WHERE hash = ?', clock.now(), hash)
        move(id, ['signed', 'sent'], "state = 'sent'")
      })
    },
    /** Notes the receipt of a transaction. */
    mined(id: number, hash: Hash, block: bigint) {
      const assignments = "state = 'mined', mined_hash = ?, mined_block = ?"
      move(id, ['signed', 'sent', 'mined'], assignments, hash, block.toString())
    },
    /** Notes that a receipt is gone: the block that held it was reorganised away. */
    unmined: (id: number) =>
      move(id, ['mined', 'final'], "state = 'sent', mined_hash = NULL, mined_block = NULL"),
    /** Ends an intent that succeeded. */
    finalise: (id: number) => move(id, ['mined'], "state = 'final', reason = NULL"),
    /** Marks an intent whose nonce is to be spent on nothing. */
    cancel: (id: number, reason: string) =>
      move(id, ['signed', 'sent'], 'is_cancelled = 1, reason = ?', reason),
    /** Ends a cancelled intent, whose nonce is spent. */
    drop: (id: number, reason: string) => close(id, ['mined'], 'dropped', reason),
    /** Gives up an intent that holds no nonce, or whose nonce is spent. */
    abandon: (id: number, reason: string) =>
      close(id, ['planned', 'signed', 'sent', 'mined'], 'abandoned', reason),
    /** Frees a subject that a final intent did not do anything for. */
    release: (kind: IntentKind, subject: string) =>
      run('DELETE FROM subjects WHERE kind = ? AND subject = ?', kind, subject),
    /** Returns an intent to `planned`: its nonce was spent without the effect. */
    replan: (id: number, reason: string) =>
      move(
        id,
        ['signed', 'sent', 'mined'],
        `state = 'planned', nonce = NULL, is_cancelled = 0, attempts = attempts + 1, mined_hash = NULL,
         mined_block = NULL, reason = ?`,
        reason,
      ),
  }
}

type Move = ReturnType<typeof createMove>

/** Moves an intent on, from one of the states named. `assignments` is fixed text with a placeholder a value. */
function createMove({ run }: Database, clock: Clock) {
  return (
    id: number,
    from: readonly IntentState[],
    assignments: string,
    ...values: (string | number)[]
  ) => {
    const states = from.map((state) => `'${state}'`).join()
    const { changes } = run(
      `UPDATE intents SET ${assignments}, updated_at = ? WHERE id = ? AND state IN (${states})`,
      ...values,
      clock.now(),
      id,
    )
    if (changes !== 1) throw new IntentStateError({ id, wanted: assignments })
  }
}

function createSign({ run, atomically }: Database, clock: Clock, move: Move) {
  return (transaction: Omit<SignedTransaction, 'signedAt' | 'sentAt'>) => {
    const { hash, intentId, nonce, raw, isCancellation } = transaction
    atomically(() => {
      run(
        `INSERT INTO transactions
           (hash, intent_id, nonce, raw, is_cancellation, max_fee, max_priority_fee, signed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        hash,
        intentId,
        nonce,
        raw,
        Number(isCancellation),
        transaction.maxFeePerGas.toString(),
        transaction.maxPriorityFeePerGas.toString(),
        clock.now(),
      )
      move(intentId, ['planned', 'signed', 'sent'], "state = 'signed', nonce = ?", nonce)
    })
  }
}

function createPlan({ get, run, atomically }: Database, clock: Clock) {
  function insert({ key, kind, to, data, gas }: IntentPlan) {
    return run(
      `INSERT INTO intents (key, kind, state, target, data, gas, planned_at, updated_at)
       VALUES (?, ?, 'planned', ?, ?, ?, ?, ?)`,
      ...[key, kind, to, data, gas?.toString() ?? null, clock.now(), clock.now()],
    ).lastId
  }

  function revive(id: number, { to, data, gas }: IntentPlan) {
    run(
      `UPDATE intents SET state = 'planned', target = ?, data = ?, gas = ?, nonce = NULL, is_cancelled = 0,
         attempts = attempts + 1, mined_hash = NULL, mined_block = NULL, planned_at = ?, updated_at = ?
       WHERE id = ?`,
      ...[to, data, gas?.toString() ?? null, clock.now(), clock.now(), id],
    )
    return id
  }

  function occupy(id: number, { kind, subjects }: IntentPlan) {
    for (const subject of subjects) {
      if (get('SELECT 1 FROM subjects WHERE kind = ? AND subject = ?', kind, subject)) {
        throw new SubjectTakenError({ kind, subject })
      }
      run('INSERT INTO subjects (kind, subject, intent_id) VALUES (?, ?, ?)', kind, subject, id)
    }
  }

  /**
   * Writes an effect down. A key that is already there is left alone, unless it was dropped or abandoned and `revive`
   * says to try again with the new data.
   */
  return (plan: IntentPlan, options: { revive?: boolean } = {}): Intent =>
    atomically(() => {
      const row = get('SELECT * FROM intents WHERE key = ?', plan.key)
      const existing = row === undefined ? undefined : intentOf(row)
      const isClosed = existing?.state === 'dropped' || existing?.state === 'abandoned'
      if (existing !== undefined && !(isClosed && options.revive === true)) return existing
      const id = existing === undefined ? insert(plan) : revive(existing.id, plan)
      occupy(id, plan)
      return intentOf(get('SELECT * FROM intents WHERE id = ?', id)!)
    })
}
