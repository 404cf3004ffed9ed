import type { Metrics } from '../metrics/createMetrics.ts'
import type { WatcherEvent } from './watcher.ts'

/** Creates the numbers about a watcher; returns what takes its events in. */
export function createWatcherMetrics(metrics: Metrics): (event: WatcherEvent) => void {
  const answers = metrics.counter('assay_answers_total', 'Answers by what re-execution found.')
  const effects = metrics.counter('assay_intents_total', 'Effects on the chain by kind and state.')
  const failures = metrics.counter('assay_node_failures_total', 'Looks at the chain that failed.')
  const drawn = metrics.counter('assay_audits_drawn_total', 'Audits that the auditor may confirm.')
  const audits = metrics.counter(
    'assay_audits_total',
    'Audits that it confirmed, by how they ended.',
  )
  const block = metrics.gauge('assay_block', 'Newest block whose events are taken in.')
  return (event) => {
    if (event.type === 'block') block.set(Number(event.header.number))
    if (event.type === 'nodeFailed') failures.add()
    if (event.type === 'right' || event.type === 'wrong' || event.type === 'uncheckable') {
      answers.add({ outcome: event.type })
    }
    if (event.type === 'drawn') drawn.add()
    if (event.type === 'audited') audits.add({ outcome: event.outcome })
    if ('intent' in event) effects.add({ kind: event.intent.kind, state: event.type })
  }
}
