import { jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData, isAddressEqual, zeroAddress } from 'viem'

import type { AnswerRecord, JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { closedStates } from '../journal/intent.ts'
import type { OperatorContext } from './operator.ts'

/** Plans to hand final answers to the contracts that asked for them. */
export function planDeliveries(context: OperatorContext, { timestamp }: SeenHead) {
  for (const record of context.book.jobs.values()) {
    const { openChallenges, finalAt } = record
    const isFinal = openChallenges === 0 && finalAt <= timestamp
    if (isFinal && isDeliverable(context, record)) planDelivery(context, record)
  }
}

/** Whether the operator is to call a job's callback, and has neither done so nor failed to. */
export function isDeliverable(
  { journal, operator, operatorPolicy }: OperatorContext,
  record: JobRecord,
): record is JobRecord & { answer: AnswerRecord } {
  const { answer, end, id, isDelivered, job } = record
  if (answer === undefined || !isAddressEqual(answer.operator, operator)) return false
  if (end === 'refuted' || isDelivered || job.callback === zeroAddress) return false
  if (job.callbackGas > operatorPolicy.maxCallbackGas) return false
  const state = journal.intents.find(keyOf(id))?.state
  return state === undefined || !closedStates.includes(state)
}

function keyOf(id: string) {
  return `${id}:deliver`
}

function planDelivery(
  context: OperatorContext,
  { id, answer }: JobRecord & { answer: AnswerRecord },
) {
  const { settlement, claim, output } = answer
  const args = [settlement, claim, output] as const
  planEffect(context, {
    key: keyOf(id),
    kind: 'deliver',
    to: context.deployment.market,
    data: encodeFunctionData({ abi: jobMarketAbi, functionName: 'deliver', args }),
    subjects: [id],
  })
}
