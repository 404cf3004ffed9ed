import { findInconsistency } from '@assay/tensor'

import type { SeenHead } from '../daemon/blockClock.ts'
import { isPlannable } from '../daemon/planEffect.ts'
import { executionCall, inconsistencyCall } from './calls.ts'
import type { Tracer } from './createTracer.ts'
import { planProof } from './planProof.ts'
import { planPursuit } from './planPursuit.ts'
import type { AnsweredJob, Case, VerifierTerms, WatcherContext } from './watcher.ts'

export type PlanRefutationsParameters = {
  head: SeenHead
  tracer: Tracer
  terms: VerifierTerms
}

/** Takes every wrong answer a step further: the cheapest proof first, then whatever the operator's silence leaves. */
export function planRefutations(context: WatcherContext, parameters: PlanRefutationsParameters) {
  const { book, cases } = context
  for (const found of cases.values()) {
    const record = book.jobs.get(book.claims.get(found.claimId) ?? '0x')
    if (record?.answer === undefined || record.end !== undefined) cases.delete(found.claimId)
    else advanceSafely(context, record as AnsweredJob, found, parameters)
  }
}

/** One claim that nobody foresaw must not keep the watcher from all others. */
function advanceSafely(
  context: WatcherContext,
  record: AnsweredJob,
  found: Case,
  parameters: PlanRefutationsParameters,
) {
  if (found.isStuck) return
  try {
    advance(context, record, found, parameters)
  } catch (error) {
    found.isStuck = true
    context.observe({ type: 'stuck', claimId: found.claimId, error })
  }
}

function advance(
  context: WatcherContext,
  record: AnsweredJob,
  found: Case,
  { head, tracer, terms }: PlanRefutationsParameters,
) {
  if (context.journal.intents.isTaken('prove', found.claimId)) return
  if (found.committed === undefined) tracer.trace(record, found)
  else if (proveCommitted(context, record, found)) return
  else if (proveByExecution(context, record, found)) return
  else planPursuit(context, { record, found, head, terms })
}

/** Plans the proof that a committed trace contradicts itself. */
function proveCommitted(context: WatcherContext, record: AnsweredJob, found: Case): boolean {
  const { committed, model, claimId } = found
  if (committed === undefined || committed === null) return false
  const { outputHash } = record.answer.claim
  const inconsistency = findInconsistency({ program: model.program, trace: committed, outputHash })
  if (inconsistency === null) return false
  const key = `${claimId}:prove`
  if (!isPlannable(context.journal.intents.find(key))) return false
  context.observe({ type: 'traced', claimId, found: inconsistency })
  planProof(
    context,
    found,
    key,
    inconsistencyCall(context, record, { program: model.program, committed }, inconsistency),
  )
  return true
}

/** Plans to run the program on-chain, if that is possible and says that the answer is wrong. */
function proveByExecution(context: WatcherContext, record: AnsweredJob, found: Case): boolean {
  const { claimId, honest, model } = found
  const { weights } = model
  const key = `${claimId}:execute`
  if (weights === undefined || honest.outputHash === record.answer.claim.outputHash) return false
  if (!isPlannable(context.journal.intents.find(key))) return false
  planProof(context, found, key, executionCall(context, record, found, weights))
  return true
}
