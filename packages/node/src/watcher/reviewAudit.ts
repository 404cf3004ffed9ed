import { type AuditRecord, isEnded } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Intent } from '../journal/intent.ts'
import type { Review } from '../transactions/writer.ts'
import type { AuditorContext } from './createAuditor.ts'
import { isOpenable } from './stageOfAudit.ts'

const send: Review = { verdict: 'send' }
const wait: Review = { verdict: 'wait' }

/** Decides whether a planned or pending effect of an auditor is still wanted. */
export function reviewAudit(context: AuditorContext, intent: Intent, head: SeenHead): Review {
  const audit = context.book.audits.get(subjectOf(intent))
  if (audit === undefined) return wait
  switch (intent.kind) {
    case 'openAudit':
      return reviewOpening(context, audit, head)
    case 'confirmAudit':
      return reviewConfirmation(context, audit, head)
    default:
      return isEnded(audit) ? abandon(`it is ${audit.status}`) : send
  }
}

function reviewOpening(context: AuditorContext, audit: AuditRecord, head: SeenHead): Review {
  if (audit.status !== 'ordered') return abandon(`it is ${audit.status}`)
  const { auditing, book, clock } = context
  const { answer, end } = book.jobs.get(audit.order.jobId) ?? {}
  if (answer === undefined) return wait
  if (end !== undefined) return abandon(end)
  const { terms } = auditing
  const isInTime = isOpenable({ audit, record: { answer }, head, terms, clock })
  return isInTime ? send : abandon('the time to open has passed')
}

function reviewConfirmation({ book, clock }: AuditorContext, audit: AuditRecord, head: SeenHead) {
  const { status, opening, order } = audit
  // A reorganisation may have taken the opening back.
  if (status === 'ordered') return wait
  if (status !== 'opened') return abandon(`it is ${status}`)
  const end = book.jobs.get(order.jobId)?.end
  if (end !== undefined) return abandon(end)
  return nextTimestamp(head, clock) < opening!.confirmUntil
    ? send
    : abandon('the time to confirm has passed')
}

function abandon(reason: string): Review {
  return { verdict: 'abandon', reason }
}
