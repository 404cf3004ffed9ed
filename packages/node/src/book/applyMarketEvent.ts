import { claimIdOf, claimOf, type JobAnswered, settlementOf } from '@assay/protocol'
import { hexToBytes } from 'viem'

import type { ChainLogEntry } from '../journal/createChainLog.ts'
import type { BookParameters, BookState } from './createBook.ts'
import type { MarketEvent } from './decodeEntry.ts'
import type { AnswerRecord, JobRecord } from './records.ts'

export type ApplyMarketEventParameters = { entry: ChainLogEntry; event: MarketEvent }

/** Takes an event of the market in; returns whether it concerns a job that is kept. */
export function applyMarketEvent(
  state: BookState,
  parameters: BookParameters,
  { entry, event }: ApplyMarketEventParameters,
): boolean {
  const record = recordOf(state, parameters, { entry, event })
  if (record === undefined) return false
  change(state, parameters, record, { entry, event })
  record.changedBlock = entry.blockNumber
  record.entries.push({ blockNumber: entry.blockNumber, logIndex: entry.logIndex })
  return true
}

/** Returns the job of an event, and starts its record with the request. */
function recordOf(
  { jobs }: BookState,
  { models }: BookParameters,
  { entry, event }: ApplyMarketEventParameters,
): JobRecord | undefined {
  if (event.eventName !== 'JobRequested') {
    return 'id' in event.args && typeof event.args.id === 'string'
      ? jobs.get(event.args.id)
      : undefined
  }
  const { id, model, job, input } = event.args
  if (!models.has(model)) return undefined
  const record: JobRecord = {
    id,
    job,
    input: hexToBytes(input),
    requestedBlock: entry.blockNumber,
    requestedAt: entry.blockTimestamp,
    seat: undefined,
    answer: undefined,
    openChallenges: 0,
    finalAt: 0n,
    end: undefined,
    refuter: undefined,
    isDelivered: false,
    changedBlock: entry.blockNumber,
    entries: [],
  }
  jobs.set(id, record)
  return record
}

function change(
  state: BookState,
  parameters: BookParameters,
  record: JobRecord,
  { entry, event }: ApplyMarketEventParameters,
) {
  switch (event.eventName) {
    case 'JobCommitted': {
      const { operator, commitment, seatUntil } = event.args
      record.seat = { operator, commitment, until: seatUntil }
      return
    }
    case 'SeatForfeited':
      record.seat = undefined
      return
    case 'JobAnswered': {
      const answer = answerOf(parameters, record, event.args, entry.blockNumber)
      Object.assign(record, { seat: undefined, answer, finalAt: answer.challengeUntil })
      state.claims.set(answer.claimId, record.id)
      return
    }
    case 'JobSuspended':
      record.openChallenges = Number(event.args.open)
      return
    case 'JobResumed':
      record.openChallenges = Number(event.args.open)
      record.finalAt = event.args.finalAt
      return
    case 'JobSettled':
      record.end = 'settled'
      return
    case 'JobRefuted':
      Object.assign(record, { end: 'refuted', refuter: event.args.refuter })
      return
    case 'CallbackAttempted':
      // Anybody may have it called before it is final, which is not what it waits for.
      record.isDelivered = record.openChallenges === 0 && entry.blockTimestamp >= record.finalAt
      return
    case 'JobExpired':
      record.end = 'expired'
      return
  }
}

function answerOf(
  { chainId, contracts }: BookParameters,
  { job }: JobRecord,
  answered: JobAnswered,
  block: bigint,
): AnswerRecord {
  const claim = claimOf({ job, answered })
  return {
    ...answered,
    block,
    claim,
    claimId: claimIdOf({ chainId, market: contracts.market, claim }),
    settlement: settlementOf({ job, answered }),
  }
}
