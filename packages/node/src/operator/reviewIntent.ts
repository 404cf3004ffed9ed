import { type Hash, isAddressEqual } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Intent } from '../journal/intent.ts'
import { releaseKey } from '../settling/planReleases.ts'
import type { Review } from '../transactions/writer.ts'
import type { OperatorContext } from './operator.ts'
import { turnAt } from './turns.ts'

const send: Review = { verdict: 'send' }
const wait: Review = { verdict: 'wait' }

/** Decides whether a planned or pending effect of an operator is still wanted. */
export function reviewIntent(context: OperatorContext, intent: Intent, head: SeenHead): Review {
  switch (intent.kind) {
    case 'answer':
    case 'commit':
    case 'reveal':
    case 'forfeit':
      return reviewTurn(context, intent, head)
    case 'supply':
      return reviewSupply(context, subjectOf(intent), head)
    case 'release':
      return reviewRelease(context, intent)
    case 'open':
      return reviewOpening(context, subjectOf(intent))
    default:
      return send
  }
}

function reviewTurn(context: OperatorContext, intent: Intent, head: SeenHead): Review {
  const { book, operator } = context
  const record = book.jobs.get(subjectOf(intent))
  const isPlanned = intent.state === 'planned'
  if (record === undefined) return isPlanned ? abandon('the request is gone') : send
  const { answer, end } = record
  if (answer !== undefined && isAddressEqual(answer.operator, operator)) {
    return isPlanned ? abandon('answered already') : send
  }
  if (answer !== undefined) return abandon(`answered by ${answer.operator}`)
  if (end !== undefined) return abandon(end)
  const turn = turnAt(context, record, head)
  if (turn === 'over') return abandon('the deadline has passed')
  return !isPlanned || turn === intent.kind ? send : wait
}

function reviewSupply({ book, clock }: OperatorContext, id: Hash, head: SeenHead): Review {
  const demand = book.demands.get(id)
  if (demand === undefined) return wait
  if (demand.status !== 'open') return abandon(demand.status)
  return nextTimestamp(head, clock) < demand.supplyUntil ? send : abandon('the clock has run out')
}

/** Anybody may release: there may be nothing left to do. */
function reviewRelease({ book, operator }: OperatorContext, intent: Intent): Review {
  const batches = [...(book.ledgers.get(operator)?.batches.values() ?? [])]
  const settled = batches.find(({ batch }) => releaseKey(batch.number) === intent.key)
  if (intent.state !== 'planned' || settled === undefined || !settled.isReleased) return send
  return abandon('released already')
}

function reviewOpening({ book, operator }: OperatorContext, id: Hash): Review {
  const status = book.ledgers.get(operator)?.demands.get(id)?.status
  return status === undefined || status === 'open' ? send : abandon(status)
}

function abandon(reason: string): Review {
  return { verdict: 'abandon', reason }
}
