import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { GatewayEvent, Observe } from '../events.ts'

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const states = { closed: 0, half_open: 1, open: 2 } as const

export type GatewayMetrics = {
  record: Observe
  /** Returns the numbers, in the text format of Prometheus. */
  render: () => Promise<string>
}

/** Creates numbers about a gateway. `spentBy` tells what a key spent in its period, `keys` the names of all keys. */
export function createGatewayMetrics(spending: {
  names: () => readonly string[]
  spentBy: (key: string) => bigint
}): GatewayMetrics {
  const registry = new Registry()
  const registers = [registry]
  const named = <labels extends string>(name: string, help: string, labelNames: labels[]) => ({
    ...{ name: `assay_gateway_${name}`, help, labelNames, registers },
  })
  const requests = new Counter(
    named('requests_total', 'Requests by task and status.', ['task', 'status']),
  )
  const attempts = new Counter(
    named('attempts_total', 'Attempts by upstream and how they ended.', ['upstream', 'outcome']),
  )
  const failovers = new Counter(
    named('failovers_total', 'Times that a request went on to another attempt.', [
      'upstream',
      'failure',
    ]),
  )
  const hedges = new Counter(named('hedges_total', 'Second requests to be faster.', ['upstream']))
  const firstToken = new Histogram({
    ...named('time_to_first_token_seconds', 'Time of an attempt until its first content.', [
      'upstream',
    ]),
    buckets: seconds,
  })
  const breaker = new Gauge(named('breaker_state', '0 closed, 1 half open, 2 open.', ['upstream']))
  const disabled = new Counter(
    named('disabled_total', 'Times that an upstream was left out until somebody acts.', [
      'upstream',
      'failure',
    ]),
  )
  const evidence = new Counter(
    named('evidence_total', 'Contradictions that operators signed.', ['operator', 'about']),
  )
  const fees = new Counter(named('fees_total', 'Token units of receipts.', ['operator']))
  const sold = new Counter(named('sold_total', 'Token units paid for single answers.', []))
  const relayed = new Counter(
    named('relayed_total', 'Sealed requests by operator and how they ended.', [
      'operator',
      'outcome',
    ]),
  )
  new Gauge({
    ...named('spent', 'Token units that a key spent in its present period.', ['key']),
    collect() {
      for (const key of spending.names()) this.set({ key }, Number(spending.spentBy(key)))
    },
  })

  function record(event: GatewayEvent) {
    if (event.kind === 'request_ended') {
      requests.inc({ task: event.task, status: event.status })
    } else if (event.kind === 'attempt_ended') {
      attempts.inc({ upstream: event.upstream, outcome: event.outcome })
    } else if (event.kind === 'failed_over') {
      failovers.inc({ upstream: event.upstream, failure: event.failure })
    } else if (event.kind === 'hedged') hedges.inc({ upstream: event.upstream })
    else if (event.kind === 'first_token') {
      firstToken.observe({ upstream: event.upstream }, event.elapsedMs / 1000)
    } else if (event.kind === 'breaker_changed') {
      breaker.set({ upstream: event.upstream }, states[event.state])
    } else if (event.kind === 'disabled') {
      disabled.inc({ upstream: event.upstream, failure: event.failure })
    } else if (event.kind === 'evidence_kept') {
      evidence.inc({ operator: event.operator, about: event.about })
    } else if (event.kind === 'receipt_recorded') {
      fees.inc({ operator: event.operator }, Number(event.fee))
    } else if (event.kind === 'payment_settled') sold.inc(Number(event.amount))
    else if (event.kind === 'relayed') {
      relayed.inc({ operator: event.operator, outcome: event.outcome })
    }
  }
  return { record, render: () => registry.metrics() }
}
