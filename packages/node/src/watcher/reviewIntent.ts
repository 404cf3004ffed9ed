import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Intent } from '../journal/intent.ts'
import type { Review } from '../transactions/writer.ts'
import type { Auditor } from './createAuditor.ts'
import type { WatcherContext } from './watcher.ts'

const send: Review = { verdict: 'send' }
const wait: Review = { verdict: 'wait' }

export type ReviewIntentParameters = {
  intent: Intent
  head: SeenHead
  /** Whoever planned what concerns audits. */
  auditor: Auditor | undefined
}

/** Decides whether a planned or pending effect of a watcher is still wanted. */
export function reviewIntent(
  context: WatcherContext,
  { intent, head, auditor }: ReviewIntentParameters,
): Review {
  switch (intent.kind) {
    case 'prove':
    case 'demand':
      return reviewChallenge(context, intent, head)
    case 'timeout':
    case 'reclaim':
      return reviewEnd(context, intent)
    case 'supply':
      return reviewGuard(context, intent, head)
    case 'openAudit':
    case 'confirmAudit':
    case 'settleAudit':
      return auditor?.review(intent, head) ?? abandon('audits are switched off')
    default:
      return send
  }
}

function reviewChallenge({ book, clock }: WatcherContext, intent: Intent, head: SeenHead): Review {
  const record = book.jobs.get(book.claims.get(subjectOf(intent)) ?? '0x')
  if (record === undefined) return wait
  if (record.end !== undefined) return abandon(record.end)
  const isFinal = record.openChallenges === 0 && record.finalAt <= nextTimestamp(head, clock)
  return isFinal ? abandon('the answer is final') : send
}

function reviewEnd({ book }: WatcherContext, intent: Intent): Review {
  const demand = book.demands.get(subjectOf(intent))
  if (demand === undefined) return wait
  return demand.status === 'open' ? send : abandon(demand.status)
}

function reviewGuard({ book, clock }: WatcherContext, intent: Intent, head: SeenHead): Review {
  const demand = book.demands.get(subjectOf(intent))
  if (demand === undefined) return wait
  if (demand.status !== 'open') return abandon(demand.status)
  return nextTimestamp(head, clock) < demand.supplyUntil ? send : abandon('the clock has run out')
}

function abandon(reason: string): Review {
  return { verdict: 'abandon', reason }
}
