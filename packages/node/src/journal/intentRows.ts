import type { Address, Hash, Hex } from 'viem'

import type { Intent, IntentKind, IntentState, SignedTransaction } from './intent.ts'
import type { Row } from './openDatabase.ts'

/** Reads an intent from its row. */
export function intentOf(row: Row): Intent {
  return {
    id: Number(row.id),
    key: String(row.key),
    kind: row.kind as IntentKind,
    state: row.state as IntentState,
    to: row.target as Address,
    data: row.data as Hex,
    gas: bigintOf(row.gas),
    nonce: numberOf(row.nonce),
    isCancelled: row.is_cancelled === 1,
    attempts: Number(row.attempts),
    minedHash: row.mined_hash as Hash | null,
    minedBlock: bigintOf(row.mined_block),
    reason: row.reason as string | null,
    plannedAt: Number(row.planned_at),
    updatedAt: Number(row.updated_at),
  }
}

/** Reads a signed transaction from its row. */
export function transactionOf(row: Row): SignedTransaction {
  return {
    hash: row.hash as Hash,
    intentId: Number(row.intent_id),
    nonce: Number(row.nonce),
    raw: row.raw as Hex,
    isCancellation: row.is_cancellation === 1,
    maxFeePerGas: bigintOf(row.max_fee)!,
    maxPriorityFeePerGas: bigintOf(row.max_priority_fee)!,
    signedAt: Number(row.signed_at),
    sentAt: numberOf(row.sent_at),
  }
}

function numberOf(value: unknown) {
  return value === null ? null : Number(value)
}

/** Amounts are kept as text: SQLite's integers have 64 bits. */
function bigintOf(value: unknown) {
  return value === null ? null : BigInt(String(value))
}
