import { type Hash, hashStruct } from 'viem'

import { type Claim, claimTypes } from './claim.ts'

/** Returns the EIP-712 struct hash of a claim: `Settlement.claimHash`. */
export function hashClaim(claim: Claim): Hash {
  return hashStruct({ data: claim, primaryType: 'Claim', types: claimTypes })
}
