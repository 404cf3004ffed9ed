import { marketDomain } from '../market/marketDomain.ts'
import { jobTypes } from './job.ts'
import type { JobIdOfParameters } from './jobIdOf.ts'

/** Returns what a payer signs so that somebody else may submit the job with `requestFor`. */
export function jobTypedData({ chainId, market, job }: JobIdOfParameters) {
  return {
    domain: marketDomain({ chainId, market }),
    types: jobTypes,
    primaryType: 'Job',
    message: job,
  } as const
}
