import type { Hash } from 'viem'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Histogram, Metrics } from '../metrics/createMetrics.ts'
import type { Clock } from '../support/clock.ts'
import type { OperatorEvent } from './operator.ts'

const secondBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export type OperatorMetrics = {
  /** Takes an event in. */
  record: (event: OperatorEvent) => void
  /** Seconds of the operator's own between hearing of a job and handing over its answer. */
  own: Histogram
}

/** What is known of a job on its way to an answer, in elapsed milliseconds. */
type Timeline = {
  /** When the block with the request was heard of. */
  heardAt: number
  engineMs: number
  computedAt: number
}

export type CreateOperatorMetricsParameters = { metrics: Metrics; clock: Clock }

/** Creates the numbers about an operator, kept from its events. */
export function createOperatorMetrics(
  parameters: CreateOperatorMetricsParameters,
): OperatorMetrics {
  const { metrics } = parameters
  const jobs = metrics.counter('assay_jobs_total', 'Jobs by what became of them.')
  const effects = metrics.counter('assay_intents_total', 'Effects on the chain by kind and state.')
  const failures = metrics.counter('assay_node_failures_total', 'Looks at the chain that failed.')
  const block = metrics.gauge('assay_block', 'Newest block whose events are taken in.')
  const receipts = metrics.counter('assay_receipts_total', 'Receipts by what became of them.')
  const collections = metrics.counter(
    'assay_collections_refused_total',
    'Collections that the ledger did not make, by reason.',
  )
  const timing = createTiming(parameters)

  return {
    own: timing.own,
    record(event) {
      timing.record(event)
      if (event.type === 'block') block.set(Number(event.header.number))
      if (event.type === 'nodeFailed') failures.add()
      if (event.type === 'seen' || event.type === 'declined' || event.type === 'computed') {
        jobs.add({ outcome: event.type })
      }
      if (event.type === 'receiptsWritten') receipts.add({ state: 'issued' }, event.ids.length)
      if (event.type === 'batchSettled') receipts.add({ state: 'settled' }, event.count)
      if (event.type === 'collectionRefused') collections.add({ reason: event.reason })
      if ('intent' in event) effects.add({ kind: event.intent.kind, state: event.type })
    },
  }
}

/**
 * Takes the operator's own time apart from the engine's, and from the time that its slot was not open yet: from the
 * block with the request to the stored result, and from the block that opens the slot to the signed answer.
 */
function createTiming({ metrics, clock }: CreateOperatorMetricsParameters) {
  const histogram = (name: string, help: string) => metrics.histogram(name, help, secondBounds)
  const own = histogram(
    'assay_answer_own_seconds',
    'Own time between hearing of a job and handing over its answer.',
  )
  const engine = histogram('assay_engine_seconds', 'Time that the model took.')
  const total = histogram('assay_answer_seconds', 'Time between hearing of a job and its answer.')
  const timelines = new Map<Hash, Timeline>()
  let heardAt = 0

  function finish(id: Hash) {
    const timeline = timelines.get(id)
    if (timeline === undefined || !timelines.delete(id)) return
    const now = clock.elapsed()
    const before = timeline.computedAt - timeline.heardAt - timeline.engineMs
    const after = now - Math.max(timeline.computedAt, heardAt)
    own.observe((before + after) / 1000)
    total.observe((now - timeline.heardAt) / 1000)
  }

  function record(event: OperatorEvent) {
    if (event.type === 'head') heardAt = clock.elapsed()
    if (event.type === 'seen') {
      timelines.set(event.id, { heardAt, engineMs: 0, computedAt: heardAt })
    }
    if (event.type === 'computed') {
      engine.observe(event.engineMs / 1000)
      const timeline = timelines.get(event.id)
      Object.assign(timeline ?? {}, { engineMs: event.engineMs, computedAt: clock.elapsed() })
    }
    const isAnswer = event.type === 'signed' && ['answer', 'commit'].includes(event.intent.kind)
    if (isAnswer) finish(subjectOf(event.intent))
    if (event.type === 'declined') timelines.delete(event.id)
  }

  return { own, record }
}
