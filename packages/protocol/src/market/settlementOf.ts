import { hashClaim } from '../claim/hashClaim.ts'
import type { Job } from '../job/job.ts'
import { claimOf } from './claimOf.ts'
import type { JobAnswered } from './jobAnswered.ts'
import type { Settlement } from './settlement.ts'

export type SettlementOfParameters = {
  job: Job
  /** Arguments of the job's `JobAnswered`. */
  answered: JobAnswered
}

/**
 * Returns what an answer fixed, from events alone: `JobRequested` holds the job, `JobAnswered` the rest.
 *
 * @example
 * const settlement = settlementOf({ job: requested.args.job, answered: answered.args })
 */
export function settlementOf({ job, answered }: SettlementOfParameters): Settlement {
  return {
    claimHash: hashClaim(claimOf({ job, answered })),
    model: job.model,
    operator: answered.operator,
    payer: job.payer,
    verifier: job.verifier,
    callback: job.callback,
    callbackGas: job.callbackGas,
    escrowed: job.feeMax,
    fee: answered.fee,
    protocolFee: answered.protocolFee,
    reserved: answered.reserved,
    challengeUntil: answered.challengeUntil,
  }
}
