import { type Hash, hashStruct } from 'viem'

import { type Job, jobTypes } from './job.ts'

/** Returns the EIP-712 struct hash of a job. Its id is `jobIdOf`. */
export function hashJob(job: Job): Hash {
  return hashStruct({ data: job, primaryType: 'Job', types: jobTypes })
}
