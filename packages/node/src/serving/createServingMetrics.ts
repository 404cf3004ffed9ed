import type { Metrics } from '../metrics/createMetrics.ts'
import type { ServingEvent } from './http/serving.ts'

const secondBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** Creates the numbers about what is served, kept from its events. */
export function createServingMetrics(metrics: Metrics): (event: ServingEvent) => void {
  const requests = metrics.counter('assay_requests_total', 'Requests by model, task and status.')
  const units = metrics.counter('assay_units_total', 'Units charged, by model and direction.')
  const fees = metrics.counter('assay_fees_total', 'Token units charged, by model.')
  const failures = metrics.counter('assay_upstream_failures_total', 'Failures of models by kind.')
  const active = metrics.gauge('assay_requests_active', 'Requests that are being answered.')
  const histogram = (name: string, help: string) => metrics.histogram(name, help, secondBounds)
  const first = histogram(
    'assay_time_to_first_token_seconds',
    'Time until the first event of a stream, or the whole of an answer.',
  )
  const duration = histogram('assay_request_seconds', 'Time until an answer was complete.')
  let count = 0

  return (event) => {
    if (event.type === 'servingFailed') return
    const { model } = event
    switch (event.type) {
      case 'begun':
        return active.set(++count)
      case 'ended':
        active.set(--count)
        requests.add({ model, task: event.task, status: String(event.status) })
        return duration.observe(event.durationMs / 1000, { model })
      case 'firstToken':
        return first.observe(event.ms / 1000, { model })
      case 'issued':
        units.add({ model, direction: 'in' }, Number(event.unitsIn))
        units.add({ model, direction: 'out' }, Number(event.unitsOut))
        return fees.add({ model }, Number(event.fee))
      case 'upstreamFailed':
        return failures.add({ model, failure: event.failure })
    }
  }
}
