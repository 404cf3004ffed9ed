import { jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData, isAddressEqual } from 'viem'

import type { AnswerRecord, JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { closedStates } from '../journal/intent.ts'
import { type OperatorContext, stakeKey } from './operator.ts'

type AnsweredRecord = JobRecord & { answer: AnswerRecord }

/** Plans to claim what is final, in batches, and to collect what was earned. */
export function planSettlements(context: OperatorContext, head: SeenHead) {
  planClaims(context, head)
  planCollection(context, head)
}

function planClaims(context: OperatorContext, head: SeenHead) {
  const { book, journal, operatorPolicy, policy } = context
  const { claimBatch, claimDelaySeconds } = operatorPolicy
  const newest = head.number - BigInt(policy.confirmations) + 1n
  releaseSkipped(context, newest)
  const due = [...book.jobs.values()]
    .filter((record) => isClaimable(context, record, head))
    .filter((record) => record.answer.block <= newest)
    .filter(({ id }) => !journal.intents.isTaken('claim', id))
  const oldest = due.reduce(
    (least, { finalAt }) => (finalAt < least ? finalAt : least),
    head.timestamp,
  )
  if (due.length < claimBatch && oldest + claimDelaySeconds > head.timestamp) return
  for (let start = 0; start < due.length; start += claimBatch) {
    planClaim(context, due.slice(start, start + claimBatch), head)
  }
}

function isClaimable(
  { operator }: OperatorContext,
  record: JobRecord,
  { timestamp }: SeenHead,
): record is AnsweredRecord {
  const { answer, end, openChallenges, finalAt } = record
  if (answer === undefined || end !== undefined || openChallenges > 0) return false
  return isAddressEqual(answer.operator, operator) && finalAt <= timestamp
}

/** Frees jobs that a batch left unsettled, such as one whose answer was reorganised meanwhile. */
function releaseSkipped({ book, journal }: OperatorContext, newest: bigint) {
  for (const { id, end } of book.jobs.values()) {
    if (end !== undefined) continue
    const batch = journal.intents.about('claim', id)
    const isSkipped = batch?.state === 'final' && batch.minedBlock! < newest
    if (isSkipped) journal.intents.release('claim', id)
  }
}

function planClaim(context: OperatorContext, records: AnsweredRecord[], head: SeenHead) {
  // Neighbours with one payer and one model are credited together.
  const sorted = records.toSorted((a, b) => groupOf(a).localeCompare(groupOf(b)))
  const ids = sorted.map(({ id }) => id)
  const args = [ids, sorted.map(({ answer }) => answer.settlement)] as const
  planEffect(context, {
    key: `${ids[0]}:claim:${head.number}`,
    kind: 'claim',
    to: context.deployment.market,
    data: encodeFunctionData({ abi: jobMarketAbi, functionName: 'claimMany', args }),
    subjects: ids,
  })
}

function groupOf({ job }: JobRecord) {
  return `${job.payer}${job.model}`
}

function planCollection(context: OperatorContext, head: SeenHead) {
  const { backends, stakes, operator, operatorPolicy, journal, deployment } = context
  const models = backends.map(({ modelVersion }) => modelVersion)
  const earned = models.map((model) => stakes.get(stakeKey(model, operator))?.earned ?? 0n)
  const sum = earned.reduce((a, b) => a + b, 0n)
  if (sum === 0n || sum < operatorPolicy.collectMinimum) return
  const last = journal.intents.last('collect')
  // The stakes are those of the newest block, which a collection in flight has not reached.
  const isDone = last === undefined || closedStates.includes(last.state)
  if (!isDone || (last?.minedBlock ?? -1n) >= head.number) return
  const paying = models.filter((_, index) => earned[index]! > 0n)
  planEffect(context, {
    key: `${operator}:collect:${head.number}`,
    kind: 'collect',
    to: deployment.market,
    data: encodeFunctionData({
      abi: jobMarketAbi,
      functionName: 'collect',
      args: [operator, paying],
    }),
    subjects: [],
  })
}
