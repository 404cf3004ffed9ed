import { decodeTrace, traceLength } from '@assay/tensor'
import type { Hash } from 'viem'

import type { FetchedTrace } from './createTraceFetcher.ts'
import type { AnsweredJob, Case, WatcherContext } from './watcher.ts'

export type Tracer = {
  /** Asks the operator of a case for its trace, unless it is being asked. */
  trace: (record: AnsweredJob, found: Case) => void
  stop: () => void
  isBusy: () => boolean
}

/** Creates what gets committed traces from operators, in the background. */
export function createTracer(context: WatcherContext): Tracer {
  const { book, fetchTrace } = context
  const running = new Set<Hash>()
  const abort = new AbortController()

  async function run(record: AnsweredJob, found: Case) {
    const { claimId, operator } = record.answer
    running.add(claimId)
    const fetched = await fetchTrace({
      endpoint: book.endpoints.get(operator) ?? '',
      claimId,
      length: traceLength(found.model.program),
      signal: abort.signal,
    })
    running.delete(claimId)
    if (!abort.signal.aborted) conclude(context, record, found, fetched)
    context.wake()
  }

  return {
    trace(record, found) {
      if (!running.has(found.claimId)) void run(record, found)
    },
    stop: () => abort.abort(),
    isBusy: () => running.size > 0,
  }
}

/** Takes a trace only if it is the one that the claim binds: nothing else proves anything. */
function conclude(
  { observe }: WatcherContext,
  { answer, input }: AnsweredJob,
  found: Case,
  fetched: FetchedTrace,
) {
  const { claimId, claim } = answer
  const untraced = (reason: string) => {
    found.committed = null
    observe({ type: 'untraced', claimId, reason })
  }
  if ('reason' in fetched) return untraced(fetched.reason)
  const { program } = found.model
  const trace = decodeTrace({ program, input, bytes: fetched.bytes })
  if (trace.evidenceHash === claim.evidenceHash) found.committed = trace
  else untraced('it is not the trace that the claim commits to')
}
