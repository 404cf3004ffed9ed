import type { OperatorEvent } from '../operator/operator.ts'
import type { WatcherEvent } from '../watcher/watcher.ts'
import { shortErrorOf } from './shortErrorOf.ts'

/** A line of the log. */
export type EventLine = {
  level: 'debug' | 'info' | 'warn'
  message: string
  fields: Record<string, unknown>
}

type Described = OperatorEvent | WatcherEvent
type IntentEvent = Extract<Described, { intent: unknown }>
type PlainEvent = Exclude<Described, IntentEvent>

/** Puts an event into a line. */
export function describeEvent(event: Described): EventLine {
  const [message, fields] =
    'intent' in event
      ? ([`${event.intent.kind} ${event.type}`, intentFields(event)] as const)
      : plain(event)
  return { level: levelOf(event), message, fields }
}

type Line = readonly [message: string, fields: EventLine['fields']]

function plain(event: PlainEvent): Line {
  switch (event.type) {
    case 'head':
    case 'block':
    case 'rewound':
      return [event.type, { block: event.header?.number.toString() }]
    case 'nodeFailed':
      return ['node failed', { failures: event.failures, error: shortErrorOf(event.error) }]
    case 'draining':
      return ['finishing what is under way', {}]
    case 'seen':
      return ['job seen', { job: event.id }]
    case 'declined':
      return ['job declined', { job: event.id, reason: event.reason }]
    case 'computed':
      return ['job computed', { job: event.id, engineMs: round(event.engineMs) }]
    case 'engineFailed':
      return ['engine failed', { job: event.id, error: shortErrorOf(event.error) }]
    case 'unsuppliable':
      return ['demand not answerable', { demand: event.id, error: shortErrorOf(event.error) }]
    case 'ineligible':
      return ['key may not act for the auditor', { auditor: event.auditor }]
    case 'drawn':
      return ['audit is drawn', { audit: event.auditId, opensAt: event.opensAt.toString() }]
    case 'audited':
      return ['audit is over', { audit: event.auditId, outcome: event.outcome }]
    case 'receiptsWritten':
    case 'receiptsSigned':
    case 'receiptsStored':
      return [event.type, { count: event.ids.length }]
    case 'receiptsUnstored':
      return ['signatures not stored', { error: shortErrorOf(event.error) }]
    case 'batchSettled':
      return [
        'batch settled',
        { number: `${event.number}`, receipts: event.count, amount: `${event.amount}` },
      ]
    case 'collectionRefused':
      return ['collection refused', { payer: event.payer, reason: event.reason }]
    case 'pledgeShort':
      return ['too little is pledged', { free: `${event.free}`, wanted: `${event.wanted}` }]
    case 'unopenable':
      return ['demanded receipt is not here', { receipt: event.id }]
    default:
      return found(event)
  }
}

type Finding = Extract<PlainEvent, { claimId: unknown }>

function found(event: Finding): Line {
  const { claimId: claim } = event
  switch (event.type) {
    case 'right':
      return ['answer is right', { claim, engineMs: round(event.engineMs) }]
    case 'wrong':
      return ['answer is WRONG', { claim, operator: event.operator }]
    case 'uncheckable':
      return ['input is not there', { claim, reason: event.reason }]
    case 'traced':
      return ['inconsistency found', { claim, ...event.found }]
    case 'untraced':
      return ['trace is withheld', { claim, reason: event.reason }]
    case 'stuck':
      return ['refutation is stuck', { claim, error: shortErrorOf(event.error) }]
    case 'overBudget':
      return ['demand is over budget', { claim, needed: event.needed.toString() }]
  }
}

function intentFields(event: IntentEvent): EventLine['fields'] {
  const { key, nonce } = event.intent
  return {
    subject: key.split(':')[0],
    ...(nonce === null ? {} : { nonce }),
    ...('hash' in event ? { hash: event.hash } : {}),
    ...('revert' in event ? { revert: event.revert.text, next: event.next } : {}),
    ...('reason' in event ? { reason: event.reason } : {}),
    ...('gasUsed' in event ? { gasUsed: event.gasUsed.toString() } : {}),
    ...('error' in event ? { error: shortErrorOf(event.error) } : {}),
  }
}

const quiet = new Set([
  ...['head', 'block', 'broadcast', 'sent', 'signed'],
  ...['receiptsWritten', 'receiptsSigned', 'receiptsStored'],
])
const loud = new Set([
  ...['nodeFailed', 'rewound', 'engineFailed', 'unsuppliable', 'wrong', 'overBudget', 'stuck'],
  ...['ineligible', 'receiptsUnstored', 'collectionRefused', 'pledgeShort', 'unopenable'],
  ...['uncertain', 'capped', 'reorganised', 'reverted'],
])

function levelOf({ type }: Described): EventLine['level'] {
  if (quiet.has(type)) return 'debug'
  return loud.has(type) ? 'warn' : 'info'
}

function round(ms: number) {
  return Math.round(ms * 10) / 10
}
