import { isAddressEqual, zeroAddress } from 'viem'

import type { Backend } from '../backend/backend.ts'
import type { JobRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { readInput } from '../inputs/readInput.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import { type OperatorContext, stakeKey } from './operator.ts'
import { netOf, reservationOf } from './terms.ts'

/** What an operator thinks of a job. */
export type Assessment =
  | { verdict: 'accept'; input: KeptInput }
  /** The stake is too little right now, or the input was not posted yet. */
  | { verdict: 'wait' }
  | { verdict: 'decline'; reason: string }

export type AssessJobParameters = { record: JobRecord; backend: Backend; head: SeenHead }

/** Decides whether a job is worth computing: everything that can be known before. */
export async function assessJob(
  context: OperatorContext,
  { record, backend, head }: AssessJobParameters,
): Promise<Assessment> {
  const { clock, journal, operator, operatorPolicy, parameters: sets, stakes } = context
  const { job } = record
  const decline = (reason: string): Assessment => ({ verdict: 'decline', reason })

  const left = job.deadline - nextTimestamp(head, clock)
  if (left < operatorPolicy.deadlineMarginSeconds) return decline(`${left} seconds are left`)
  const parameters = sets.get(job.parametersId)
  if (parameters === undefined) return { verdict: 'wait' }
  const net = netOf(parameters, job.feeMax)
  const ask = operatorPolicy.asks.get(job.model) ?? 0n
  if (net < ask) return decline(`it pays ${net}, less than ${ask}`)
  if (!(await isVerifierSafe(context, record, backend))) {
    return decline(`verifier ${job.verifier} does not judge the model by its program`)
  }
  const { encryptionKeys } = context
  const { commitInput: commit } = backend
  const input = await readInput({ record, commit, journal, reader: operator, encryptionKeys })
  if ('reason' in input) return input.isAwaited ? { verdict: 'wait' } : decline(input.reason)
  const stake = stakes.get(stakeKey(job.model, operator))
  const needed = reservationOf(parameters, job.feeMin)
  if (stake === undefined || stake.active < stake.reserved + needed) return { verdict: 'wait' }
  return { verdict: 'accept', input }
}

/**
 * A verifier that the model's publisher did not accept cannot slash, but one that is not known here might judge by
 * rules that an honest answer breaks.
 */
async function isVerifierSafe(
  { deployment, reader }: OperatorContext,
  { job }: JobRecord,
  { programRoot }: Backend,
): Promise<boolean> {
  if (job.verifier === zeroAddress) return true
  if (!isAddressEqual(job.verifier, deployment.tensorVerifier)) return false
  return (await reader.rootOf(job.model, job.verifier)) === programRoot
}
