import type { AuditRecord, JobRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { Clock } from '../support/clock.ts'
import type { AuditTerms, Draw } from './auditing.ts'
import type { AnsweredJob } from './watcher.ts'

export type IsOpenableParameters = {
  audit: AuditRecord
  record: Pick<AnsweredJob, 'answer'>
  head: SeenHead
  terms: Pick<AuditTerms, 'confirmWindow'>
  clock: Pick<Clock, 'elapsed'>
}

/** Whether an ordered audit can be opened in the next block. */
export function isOpenable(parameters: IsOpenableParameters): boolean {
  const { audit, record, head, terms, clock } = parameters
  const openUntil = record.answer.challengeUntil - 2n * terms.confirmWindow
  return audit.status === 'ordered' && nextTimestamp(head, clock) < openUntil
}

export type IsSettleableParameters = {
  audit: AuditRecord
  /** Its job; nothing if it was never requested. */
  record: JobRecord | undefined
  draw: Draw | undefined
  head: Pick<SeenHead, 'timestamp'>
  terms: AuditTerms
}

/** Whether an audit can be settled, as the newest block sees it. */
export function isSettleable(parameters: IsSettleableParameters): boolean {
  const { audit, record, draw, head, terms } = parameters
  const { timestamp } = head
  switch (audit.status) {
    case 'ordered':
      if (record !== undefined) return isConcluded(record, timestamp)
      return audit.orderedAt + terms.requestWindow <= timestamp
    case 'opened':
      if (record?.end === 'refuted' || draw?.isDrawn === false) return true
      return audit.opening!.confirmUntil <= timestamp
    case 'confirmed':
      return record !== undefined && isConcluded(record, timestamp)
    default:
      return false
  }
}

/** Whether the market calls a job final, refuted or expired. */
function isConcluded(
  { answer, end, finalAt, openChallenges }: JobRecord,
  timestamp: bigint,
): boolean {
  if (end !== undefined) return true
  return answer !== undefined && openChallenges === 0 && finalAt <= timestamp
}
