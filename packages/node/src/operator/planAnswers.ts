import { jobMarketAbi } from '@assay/protocol'
import { bytesToHex, encodeFunctionData, type Hex } from 'viem'

import type { JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { isPlannable, planEffect } from '../daemon/planEffect.ts'
import type { StoredResult } from '../journal/createResults.ts'
import type { IntentKind } from '../journal/intent.ts'
import type { OperatorContext } from './operator.ts'
import { commitmentFor, saltFor } from './seal.ts'
import { turnAt } from './turns.ts'

/** Attempts at one effect after which it is left alone. */
const maxAttempts = 10

/** Plans an answer, a commit or a reveal for every computed job whose time comes with the next block. */
export function planAnswers(context: OperatorContext, head: SeenHead) {
  const { book, journal } = context
  for (const record of book.jobs.values()) {
    if (record.answer !== undefined || record.end !== undefined) continue
    const result = journal.results.get(record.id)
    if (result === undefined) continue
    const turn = turnAt(context, record, head)
    if (turn === 'wait' || turn === 'over') continue
    planTurn(context, record, result, turn)
  }
}

function planTurn(
  context: OperatorContext,
  record: JobRecord,
  result: StoredResult,
  turn: Extract<IntentKind, 'answer' | 'commit' | 'reveal' | 'forfeit'>,
) {
  const { id, seat } = record
  const key = turn === 'forfeit' ? `${id}:forfeit:${seat!.commitment}` : `${id}:${turn}`
  if (!isPlannable(context.journal.intents.find(key), maxAttempts)) return
  const data = callOf(context, record, result, turn)
  const subjects = turn === 'forfeit' ? [] : [id]
  const to = context.deployment.market
  planEffect(context, { key, kind: turn, to, data, gas: gasFor(data), subjects }, maxAttempts)
}

function callOf(
  context: OperatorContext,
  { id, job, seat }: JobRecord,
  { output, evidenceHash }: StoredResult,
  turn: 'answer' | 'commit' | 'reveal' | 'forfeit',
): Hex {
  const abi = jobMarketAbi
  const { operator } = context
  switch (turn) {
    case 'answer': {
      const args = [job, operator, bytesToHex(output), evidenceHash] as const
      return encodeFunctionData({ abi, functionName: 'answer', args })
    }
    case 'commit': {
      saltFor(context, id)
      const args = [job, operator, commitmentFor(context, id)!] as const
      return encodeFunctionData({ abi, functionName: 'commit', args })
    }
    case 'reveal': {
      const args = [job, operator, bytesToHex(output), evidenceHash, saltFor(context, id)] as const
      return encodeFunctionData({ abi, functionName: 'reveal', args })
    }
    case 'forfeit': {
      const args = [job, seat!.operator, seat!.commitment] as const
      return encodeFunctionData({ abi, functionName: 'forfeit', args })
    }
  }
}

/**
 * A limit that no call of the market reaches. These calls cannot be estimated: before their block they would fail,
 * and what is not used is not paid.
 */
function gasFor(data: Hex) {
  const bytes = BigInt(data.length / 2)
  return 400_000n + bytes * 64n
}
