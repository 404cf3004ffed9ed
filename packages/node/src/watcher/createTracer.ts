import { openEnvelope } from '@assay/protocol/envelope'
import { decodeTrace, traceLength } from '@assay/tensor'
import type { Hash } from 'viem'

import type { Fetched } from './createOperatorClient.ts'
import type { AnsweredJob, Case, WatcherContext } from './watcher.ts'

export type Tracer = {
  /** Asks the operator of a case for its trace, unless it is being asked. */
  trace: (record: AnsweredJob, found: Case) => void
  stop: () => void
  isBusy: () => boolean
}

/** Creates what gets committed traces from operators, in the background. */
export function createTracer(context: WatcherContext): Tracer {
  const { book, operators, reader } = context
  const running = new Set<Hash>()
  const abort = new AbortController()

  async function run(record: AnsweredJob, found: Case) {
    const { claimId, operator } = record.answer
    running.add(claimId)
    const isSealed = found.input.readers !== undefined
    const fetched = await operators.trace({
      endpoint: book.endpoints.get(operator) ?? '',
      claimId,
      recipient: isSealed ? reader : undefined,
      length: traceLength(found.model.program),
      signal: abort.signal,
    })
    const opened = isSealed ? await open(context, found, fetched) : fetched
    running.delete(claimId)
    if (!abort.signal.aborted) conclude(context, record, found, opened)
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

/** Opens a trace that was sealed for the watcher. */
async function open(
  { reader: recipient, encryptionKeys: keys }: WatcherContext,
  { claimId }: Case,
  fetched: Fetched,
): Promise<Fetched> {
  if ('reason' in fetched) return fetched
  if (keys === undefined) return { reason: 'it is sealed, and there is no key here' }
  const envelope = fetched.bytes
  return openEnvelope({ envelope, about: claimId, recipient, keys }).then(
    (bytes) => ({ bytes }),
    (error) => ({ reason: String(error) }),
  )
}

/** Takes a trace only if it is the one that the claim binds: nothing else proves anything. */
function conclude(
  { observe }: WatcherContext,
  { answer }: AnsweredJob,
  found: Case,
  fetched: Fetched,
) {
  const { claimId, claim } = answer
  const untraced = (reason: string) => {
    found.committed = null
    observe({ type: 'untraced', claimId, reason })
  }
  if ('reason' in fetched) return untraced(fetched.reason)
  const { program } = found.model
  const trace = decodeTrace({ program, input: found.input.bytes, bytes: fetched.bytes })
  if (trace.evidenceHash === claim.evidenceHash) found.committed = trace
  else untraced('it is not the trace that the claim commits to')
}
