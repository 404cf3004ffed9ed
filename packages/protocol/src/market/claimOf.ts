import { keccak256 } from 'viem'

import type { Claim } from '../claim/claim.ts'
import type { Job } from '../job/job.ts'
import type { JobAnswered } from './jobAnswered.ts'

export type ClaimOfParameters = {
  job: Pick<Job, 'model' | 'inputHash'>
  /** Arguments of the job's `JobAnswered`. */
  answered: Pick<JobAnswered, 'id' | 'operator' | 'evidenceHash' | 'output'>
}

/** Returns the claim of an answer, from events alone. */
export function claimOf({ job, answered }: ClaimOfParameters): Claim {
  return {
    requestId: answered.id,
    model: job.model,
    operator: answered.operator,
    inputHash: job.inputHash,
    outputHash: keccak256(answered.output),
    evidenceHash: answered.evidenceHash,
  }
}
