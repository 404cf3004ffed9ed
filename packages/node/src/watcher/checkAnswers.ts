import type { Trace } from '@assay/tensor'
import type { Hash } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import type { InputFinder } from './createInputFinder.ts'
import { guessTrace } from './guessTrace.ts'
import type { AnsweredJob, VerifierTerms, WatchedModel, WatcherContext } from './watcher.ts'

export type CheckAnswersParameters = {
  head: SeenHead
  finder: InputFinder
  terms: VerifierTerms
}

/** Note under which answers are kept that need no further look. */
const checkedTopic = 'checked'

/** Whether re-execution found an answer right. */
export function isFoundRight({ journal }: Pick<WatcherContext, 'journal'>, claimId: Hash): boolean {
  return journal.notes.get(checkedTopic, claimId) === 'right'
}

/** Answers checked before the loop looks at the chain again. */
const maxChecks = 8

/** Re-executes answers that nobody here has looked at, those first whose window ends first. */
export function checkAnswers(
  context: WatcherContext,
  { head, finder, terms }: CheckAnswersParameters,
) {
  const { journal, models, observe } = context
  let checks = 0
  for (const record of unchecked(context, head)) {
    const model = models.find(({ modelVersion }) => modelVersion === record.job.model)
    if (model === undefined) continue
    const input = finder.find({ record, model, head, terms })
    if (input === undefined) continue
    if (checks === maxChecks) return context.wake()
    if ('reason' in input) {
      const { claimId } = record.answer
      journal.notes.put(checkedTopic, claimId, 'uncheckable')
      observe({ type: 'uncheckable', claimId, reason: input.reason })
    } else {
      checkAnswer(context, record, { model, input })
      checks += 1
    }
  }
}

function unchecked({ book, cases, clock, journal, deployment }: WatcherContext, head: SeenHead) {
  const next = nextTimestamp(head, clock)
  const verifier = deployment.tensorVerifier.toLowerCase()
  return [...book.jobs.values()]
    .filter((record): record is AnsweredJob => record.answer !== undefined)
    .filter(({ job, end }) => end === undefined && job.verifier.toLowerCase() === verifier)
    .filter(({ finalAt, openChallenges }) => finalAt > next || openChallenges > 0)
    .filter(({ answer }) => !cases.has(answer.claimId))
    .filter(({ answer }) => journal.notes.get(checkedTopic, answer.claimId) === undefined)
    .toSorted((a, b) => Number(a.finalAt - b.finalAt))
}

function checkAnswer(
  context: WatcherContext,
  record: AnsweredJob,
  { model, input }: { model: WatchedModel; input: KeptInput },
) {
  const { cases, clock, journal, observe } = context
  const { claimId, operator } = record.answer
  const startedAt = clock.elapsed()
  const honest = model.engine.commit(input.bytes)
  const engineMs = clock.elapsed() - startedAt
  if (isRight(honest, record)) {
    journal.notes.put(checkedTopic, claimId, 'right')
    return observe({ type: 'right', claimId, engineMs })
  }
  const committed = guessTrace(model.program, honest, record.answer)
  const fresh = { isOverBudget: false, isStuck: false }
  cases.set(claimId, { claimId, model, input, honest, committed, ...fresh })
  observe({ type: 'wrong', claimId, operator, engineMs })
}

function isRight({ outputHash, evidenceHash }: Trace, { answer: { claim } }: AnsweredJob) {
  return claim.outputHash === outputHash && claim.evidenceHash === evidenceHash
}
