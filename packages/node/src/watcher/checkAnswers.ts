import { hashInput, InputLengthError, type Program, type Trace } from '@assay/tensor'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { AnsweredJob, WatchedModel, WatcherContext } from './watcher.ts'

/** Note under which answers are kept that need no further look. */
const checkedTopic = 'checked'

/** Answers checked before the loop looks at the chain again. */
const maxChecks = 8

/** Re-executes answers that nobody here has looked at, those first whose window ends first. */
export function checkAnswers(context: WatcherContext, head: SeenHead) {
  const waiting = unchecked(context, head)
  for (const record of waiting.slice(0, maxChecks)) checkAnswer(context, record)
  if (waiting.length > maxChecks) context.wake()
}

function unchecked({ book, cases, clock, journal, deployment }: WatcherContext, head: SeenHead) {
  const next = nextTimestamp(head, clock)
  const market = deployment.tensorVerifier.toLowerCase()
  return [...book.jobs.values()]
    .filter((record): record is AnsweredJob => record.answer !== undefined)
    .filter(({ job, end }) => end === undefined && job.verifier.toLowerCase() === market)
    .filter(({ finalAt, openChallenges }) => finalAt > next || openChallenges > 0)
    .filter(({ answer }) => !cases.has(answer.claimId))
    .filter(({ answer }) => journal.notes.get(checkedTopic, answer.claimId) === undefined)
    .toSorted((a, b) => Number(a.finalAt - b.finalAt))
}

function checkAnswer(context: WatcherContext, record: AnsweredJob) {
  const { cases, clock, journal, models, observe } = context
  const { claimId, operator } = record.answer
  const model = models.find(({ modelVersion }) => modelVersion === record.job.model)
  if (model === undefined) return
  const startedAt = clock.elapsed()
  const honest = execute(model, record)
  const engineMs = clock.elapsed() - startedAt
  if (honest === undefined) {
    journal.notes.put(checkedTopic, claimId, 'uncheckable')
    return observe({ type: 'uncheckable', claimId })
  }
  if (isRight(honest, record)) {
    journal.notes.put(checkedTopic, claimId, 'right')
    return observe({ type: 'right', claimId, engineMs })
  }
  const fresh = { committed: undefined, isOverBudget: false, isStuck: false }
  cases.set(claimId, { claimId, model, honest, ...fresh })
  observe({ type: 'wrong', claimId, operator, engineMs })
}

function isRight({ outputHash, evidenceHash }: Trace, { answer: { claim } }: AnsweredJob) {
  return claim.outputHash === outputHash && claim.evidenceHash === evidenceHash
}

function execute({ program, engine }: WatchedModel, { job, input }: AnsweredJob) {
  return commitmentOf(program, input) === job.inputHash ? engine.commit(input) : undefined
}

function commitmentOf(program: Program, input: Uint8Array) {
  try {
    return hashInput(program, input)
  } catch (error) {
    if (error instanceof InputLengthError) return undefined
    throw error
  }
}
