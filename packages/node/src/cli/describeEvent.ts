import type { OperatorEvent } from '../operator/operator.ts'
import { shortErrorOf } from './shortErrorOf.ts'

/** A line of the log. */
export type EventLine = {
  level: 'debug' | 'info' | 'warn'
  message: string
  fields: Record<string, unknown>
}

/** Puts an event into a line. */
export function describeEvent(event: OperatorEvent): EventLine {
  const line = (message: string, fields: EventLine['fields'] = {}): EventLine => ({
    level: levelOf(event),
    message,
    fields,
  })
  switch (event.type) {
    case 'head':
    case 'block':
    case 'rewound':
      return line(event.type, { block: event.header?.number.toString() })
    case 'nodeFailed':
      return line('node failed', { failures: event.failures, error: shortErrorOf(event.error) })
    case 'draining':
      return line('finishing what is under way')
    case 'seen':
      return line('job seen', { job: event.id })
    case 'declined':
      return line('job declined', { job: event.id, reason: event.reason })
    case 'computed':
      return line('job computed', { job: event.id, engineMs: Math.round(event.engineMs) })
    case 'engineFailed':
      return line('engine failed', { job: event.id, error: shortErrorOf(event.error) })
    case 'unsuppliable':
      return line('demand not answerable', { demand: event.id, error: shortErrorOf(event.error) })
    default:
      return line(`${event.intent.kind} ${event.type}`, fieldsOf(event))
  }
}

function fieldsOf(event: Extract<OperatorEvent, { intent: unknown }>) {
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

const quiet = new Set(['head', 'block', 'broadcast', 'sent', 'signed'])
const loud = new Set([
  ...['nodeFailed', 'rewound', 'engineFailed', 'unsuppliable'],
  ...['uncertain', 'capped', 'reorganised', 'reverted'],
])

function levelOf({ type }: OperatorEvent): EventLine['level'] {
  if (quiet.has(type)) return 'debug'
  return loud.has(type) ? 'warn' : 'info'
}
