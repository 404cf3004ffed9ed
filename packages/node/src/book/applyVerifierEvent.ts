import { isAddressEqual } from 'viem'

import type { ChainLogEntry } from '../journal/createChainLog.ts'
import type { BookParameters, BookState } from './createBook.ts'
import type { VerifierEvent } from './decodeEntry.ts'

export type ApplyVerifierEventParameters = { entry: ChainLogEntry; event: VerifierEvent }

/** Takes an event of the verifier in; returns whether it concerns a claim that is kept. */
export function applyVerifierEvent(
  state: BookState,
  parameters: BookParameters,
  { entry, event }: ApplyVerifierEventParameters,
): boolean {
  const record = state.jobs.get(state.claims.get(event.args.claimId) ?? '0x')
  if (record === undefined || !change(state, parameters, { entry, event })) return false
  record.entries.push({ blockNumber: entry.blockNumber, logIndex: entry.logIndex })
  return true
}

function change(
  { claims, demands }: BookState,
  { contracts }: BookParameters,
  { entry, event }: ApplyVerifierEventParameters,
): boolean {
  if (event.eventName === 'Demanded') {
    const { claimId, demandId: id, source, demander, node, hash, supplyUntil } = event.args
    // Anybody may bring a source of their own that repeats a claim's id.
    if (!isAddressEqual(source, contracts.market)) return false
    const open = { status: 'open', data: undefined, suppliedAt: undefined } as const
    const jobId = claims.get(claimId)!
    demands.set(id, { id, jobId, claimId, demander, node, hash, supplyUntil, ...open })
    return true
  }
  const demand = 'demandId' in event.args ? demands.get(event.args.demandId) : undefined
  if (demand === undefined) return false
  switch (event.eventName) {
    case 'Supplied':
      demand.status = 'supplied'
      demand.data = event.args.data
      demand.suppliedAt = entry.blockTimestamp
      return true
    case 'DemandTimedOut':
      demand.status = 'timedOut'
      return true
    case 'DemandReclaimed':
      demand.status = 'reclaimed'
      return true
    default:
      return false
  }
}
