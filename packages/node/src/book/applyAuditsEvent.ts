import type { ChainLogEntry } from '../journal/createChainLog.ts'
import type { BookParameters, BookState } from './createBook.ts'
import type { AuditsEvent } from './decodeEntry.ts'
import type { AuditRecord } from './records.ts'

export type ApplyAuditsEventParameters = { entry: ChainLogEntry; event: AuditsEvent }

/** Takes an event of the audits in; returns whether it concerns an audit that is kept. */
export function applyAuditsEvent(
  state: BookState,
  parameters: BookParameters,
  { entry, event }: ApplyAuditsEventParameters,
): boolean {
  const record = recordOf(state, parameters, { entry, event })
  if (record === undefined) return false
  change(record, event)
  record.changedBlock = entry.blockNumber
  // A job that is over is not forgotten before how its audit ended is certain.
  const job = state.jobs.get(record.order.jobId)
  if (job !== undefined) job.changedBlock = entry.blockNumber
  record.entries.push({ blockNumber: entry.blockNumber, logIndex: entry.logIndex })
  return true
}

/** Returns the audit of an event, and starts its record with the order. */
function recordOf(
  { audits }: BookState,
  { models }: BookParameters,
  { entry, event }: ApplyAuditsEventParameters,
): AuditRecord | undefined {
  if (event.eventName !== 'AuditOrdered') return audits.get(event.args.id)
  const { id, ...order } = event.args
  if (!models.has(order.model)) return undefined
  const record: AuditRecord = {
    id,
    order,
    status: 'ordered',
    orderedAt: entry.blockTimestamp,
    opening: undefined,
    auditor: undefined,
    payout: undefined,
    changedBlock: entry.blockNumber,
    entries: [],
  }
  audits.set(id, record)
  return record
}

function change(record: AuditRecord, event: AuditsEvent) {
  switch (event.eventName) {
    case 'AuditOpened': {
      const { seedBlock, confirmUntil } = event.args
      record.status = 'opened'
      record.opening = { seedBlock, confirmUntil }
      return
    }
    case 'AuditConfirmed':
      record.status = 'confirmed'
      record.auditor = event.args.auditor
      return
    case 'AuditPaid':
      record.status = 'paid'
      record.payout = event.args.payout
      return
    case 'AuditSlashed':
      record.status = 'slashed'
      return
    case 'AuditReturned':
      record.status = 'returned'
      return
  }
}
