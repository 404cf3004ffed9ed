import type { Hash } from 'viem'

import type { JobRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { Stake } from './createMarketReader.ts'
import { type OperatorContext, stakeKey } from './operator.ts'
import { commitmentFor } from './seal.ts'
import { commitBondOf, reservationOf } from './terms.ts'
import { type Turn, turnOf } from './turnOf.ts'

/** Returns the operator's turn at a job, from what is known at the newest block. */
export function turnAt(context: OperatorContext, record: JobRecord, head: SeenHead): Turn {
  const { operator, operatorPolicy, journal, clock, seeds } = context
  const { id, job } = record
  const parameters = context.parameters.get(job.parametersId)
  const stake = uncommittedStake(context, record)
  if (parameters === undefined || stake === undefined) return 'wait'
  const commit = journal.intents.find(`${id}:commit`)
  return turnOf({
    record,
    operator,
    parameters,
    stake,
    next: nextTimestamp(head, clock),
    seed: seeds.get(id),
    ask: operatorPolicy.asks.get(job.model) ?? 0n,
    mode: operatorPolicy.mode,
    mayCommit: commit === undefined || commit.state !== 'final',
    commitment: commitmentFor(context, id),
    rivals: rivalsOf(context, job.model),
    interval: head.interval,
  })
}

/** The operator's stake as it will be once its answers before this one are mined. */
function uncommittedStake(context: OperatorContext, { id, job }: JobRecord): Stake | undefined {
  const stake = context.stakes.get(stakeKey(job.model, context.operator))
  if (stake === undefined) return undefined
  const reserved = stake.reserved + unminedReservations(context, job.model, id)
  return { ...stake, reserved }
}

/** What answers and commits that are on their way will reserve. */
function unminedReservations(context: OperatorContext, model: Hash, except: Hash): bigint {
  const { intents } = context.journal
  let sum = 0n
  for (const intent of [...intents.planned(), ...intents.live()]) {
    if (intent.kind !== 'answer' && intent.kind !== 'commit') continue
    const record = context.book.jobs.get(subjectOf(intent))
    if (record === undefined || record.id === except || record.job.model !== model) continue
    // What the newest block holds is in the stake already.
    if (record.answer !== undefined || record.seat !== undefined) continue
    const parameters = context.parameters.get(record.job.parametersId)
    if (parameters === undefined) continue
    sum +=
      intent.kind === 'commit'
        ? commitBondOf(parameters, record.job)
        : reservationOf(parameters, record.job.feeMax)
  }
  return sum
}

function rivalsOf({ book, stakes, operator }: OperatorContext, model: Hash) {
  return [...(book.stakers.get(model) ?? [])].flatMap((rival) => {
    const stake = stakes.get(stakeKey(model, rival))
    return stake === undefined || rival.toLowerCase() === operator.toLowerCase()
      ? []
      : [{ operator: rival, stake }]
  })
}
