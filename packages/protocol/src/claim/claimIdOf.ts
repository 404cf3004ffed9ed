import { type Address, type Hash, hashTypedData } from 'viem'

import { marketDomain } from '../market/marketDomain.ts'
import { type Claim, claimTypes } from './claim.ts'

export type ClaimIdOfParameters = {
  /** Chain of the market. */
  chainId: number
  /** Address of the `JobMarket`. */
  market: Address
  claim: Claim
}

/**
 * Returns the id of a claim: its EIP-712 digest in the market's domain.
 *
 * @example
 * const id = claimIdOf({ chainId: 31337, market, claim })
 * // "0x5f0e…"
 */
export function claimIdOf(parameters: ClaimIdOfParameters): Hash {
  const { chainId, market, claim } = parameters
  const domain = marketDomain({ chainId, market })
  return hashTypedData({ domain, types: claimTypes, primaryType: 'Claim', message: claim })
}
