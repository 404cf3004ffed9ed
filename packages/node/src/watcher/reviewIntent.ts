import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Intent } from '../journal/intent.ts'
import type { Review } from '../transactions/writer.ts'
import type { WatcherContext } from './watcher.ts'

const send: Review = { verdict: 'send' }
const wait: Review = { verdict: 'wait' }

/** Decides whether a planned or pending effect of a watcher is still wanted. */
export function reviewIntent(context: WatcherContext, intent: Intent, head: SeenHead): Review {
  switch (intent.kind) {
    case 'prove':
    case 'demand':
      return reviewChallenge(context, intent, head)
    case 'timeout':
    case 'reclaim':
      return reviewEnd(context, intent)
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

function abandon(reason: string): Review {
  return { verdict: 'abandon', reason }
}
