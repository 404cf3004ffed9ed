import { type Address, type Hash, hashTypedData } from 'viem'

import { marketDomain } from '../market/marketDomain.ts'
import { type Job, jobTypes } from './job.ts'

export type JobIdOfParameters = {
  /** Chain of the market. */
  chainId: number
  /** Address of the `JobMarket`. */
  market: Address
  job: Job
}

/**
 * Returns the id of a job: its EIP-712 digest, which is also what a payer signs.
 *
 * @example
 * const id = jobIdOf({ chainId: 31337, market, job })
 * // "0x41c2…"
 */
export function jobIdOf(parameters: JobIdOfParameters): Hash {
  const { chainId, market, job } = parameters
  const domain = marketDomain({ chainId, market })
  return hashTypedData({ domain, types: jobTypes, primaryType: 'Job', message: job })
}
