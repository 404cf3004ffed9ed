import type { GatewayEvent } from '../events.ts'

export type Described = {
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
  fields: Record<string, unknown>
}

type Kind = GatewayEvent['kind']

const levels: Record<Kind, Described['level']> = {
  attempt_started: 'debug',
  attempt_recorded: 'debug',
  attempt_ended: 'debug',
  first_token: 'debug',
  request_ended: 'debug',
  cap_recorded: 'debug',
  order_recorded: 'info',
  receipt_recorded: 'debug',
  answer_recorded: 'debug',
  hedged: 'debug',
  relayed: 'debug',
  payment_settled: 'info',
  channel_resynced: 'info',
  catalog_refreshed: 'debug',
  catalog_failed: 'warn',
  failed_over: 'warn',
  breaker_changed: 'warn',
  cooled_down: 'warn',
  disabled: 'error',
  evidence_kept: 'error',
}

/** Returns what a log says of an event. */
export function describeEvent({ kind, ...fields }: GatewayEvent): Described {
  return { level: levels[kind], message: kind.replaceAll('_', ' '), fields }
}
