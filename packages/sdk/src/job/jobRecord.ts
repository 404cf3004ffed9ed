import type { Claim, Job, JobStatus, Settlement } from '@assay/protocol'
import type { Hash, Hex } from 'viem'

import type { JobEventArgs, JobTransition, Place } from './transition.ts'

/** An answer, with everything that later calls about it need. */
export type JobAnswer = Omit<JobEventArgs<'JobAnswered'>, 'id'> &
  Place & {
    claim: Claim
    claimId: Hash
    settlement: Settlement
  }

/** All that the chain knows of a job, as of one block. */
export type JobRecord = {
  id: Hash
  job: Job
  /** What was emitted with the request: the input, a pointer to it, or nothing. */
  input: Hex
  status: JobStatus
  /** Undefined until the job is answered. */
  answer: JobAnswer | undefined
  /** Every event of the job, oldest first. */
  transitions: JobTransition[]
  /** Block as of which this holds. */
  blockNumber: bigint
}

export type AnsweredJob = JobRecord & { answer: JobAnswer }
