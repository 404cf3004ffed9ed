import { claimIdOf } from '@assay/protocol'
import { type Hash, keccak256, BaseError as ViemError } from 'viem'

import type { Backend } from '../backend/backend.ts'
import type { JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import { type Assessment, assessJob } from './assessJob.ts'
import type { OperatorContext } from './operator.ts'

export type Runner = {
  /** Begins with jobs that are not computed yet, as many at a time as the policy allows. */
  start: (head: SeenHead) => Promise<void>
  /** Forgets what was decided: the chain is another one. */
  reset: () => void
  /** Stops what is being computed. */
  stop: () => void
  isBusy: () => boolean
}

/** Times that an engine may fail on one job. */
const maxFailures = 3

/** Creates what computes answers ahead of their slots. */
export function createRunner(context: OperatorContext): Runner {
  const { backends, book, journal, observe, operatorPolicy } = context
  const running = new Set<Hash>()
  const declined = new Set<Hash>()
  const failures = new Map<Hash, number>()
  const abort = new AbortController()

  const isWanted = ({ id, answer, end }: JobRecord) =>
    answer === undefined &&
    end === undefined &&
    !running.has(id) &&
    !declined.has(id) &&
    journal.results.get(id) === undefined

  async function assess(record: JobRecord, backend: Backend, head: SeenHead) {
    const assessment = await assessJob(context, { record, backend, head }).catch(declineUnforeseen)
    if (assessment.verdict === 'decline') {
      declined.add(record.id)
      observe({ type: 'declined', id: record.id, reason: assessment.reason })
    }
    return assessment.verdict === 'accept' ? assessment.input : undefined
  }

  async function run(record: JobRecord, backend: Backend, input: KeptInput) {
    running.add(record.id)
    try {
      await compute(context, { record, backend, input }, abort.signal)
    } catch (error) {
      const count = (failures.get(record.id) ?? 0) + 1
      failures.set(record.id, count)
      if (count >= maxFailures) declined.add(record.id)
      if (!abort.signal.aborted) observe({ type: 'engineFailed', id: record.id, error })
    } finally {
      running.delete(record.id)
      context.wake()
    }
  }

  return {
    async start(head) {
      for (const record of [...book.jobs.values()].filter(isWanted)) {
        if (running.size >= operatorPolicy.maxRuns || context.isDraining()) return
        const backend = backends.find(({ modelVersion }) => modelVersion === record.job.model)
        const input = backend && (await assess(record, backend, head))
        if (input !== undefined) void run(record, backend!, input)
      }
    },
    reset: () => declined.clear(),
    stop: () => abort.abort(),
    isBusy: () => running.size > 0,
  }
}

/** A job that nobody foresaw is not worth the operator's life; a node that fails is asked again. */
function declineUnforeseen(error: unknown): Assessment {
  if (error instanceof ViemError) throw error
  return { verdict: 'decline', reason: String(error) }
}

/** Runs the model, and keeps the result with its trace before anybody hears of it. */
async function compute(
  context: OperatorContext,
  { record, backend, input }: { record: JobRecord; backend: Backend; input: KeptInput },
  signal: AbortSignal,
) {
  const { id, job } = record
  const { clock, deployment, journal, observe, operator } = context
  const startedAt = clock.elapsed()
  const { output, evidenceHash, trace } = await backend.run(input.bytes, signal)
  const engineMs = clock.elapsed() - startedAt
  const claim = {
    requestId: id,
    model: job.model,
    operator,
    inputHash: job.inputHash,
    outputHash: keccak256(output),
    evidenceHash,
  }
  const claimId = claimIdOf({ chainId: deployment.chainId, market: deployment.market, claim })
  const { readers } = input
  journal.atomically(() => {
    if (input.bytes !== record.input) journal.inputs.put(job.inputHash, input)
    journal.results.put(id, claimId, { output, evidenceHash, trace, readers })
  })
  observe({ type: 'computed', id, engineMs })
}
