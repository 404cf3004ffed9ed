import type { Address } from 'viem'

export type MarketDomainParameters = {
  chainId: number
  /** Address of the `JobMarket`. */
  market: Address
}

/** Returns the EIP-712 domain in which jobs and claims of a market are hashed and signed. */
export function marketDomain({ chainId, market }: MarketDomainParameters) {
  return { name: 'Assay JobMarket', version: '1', chainId, verifyingContract: market } as const
}
