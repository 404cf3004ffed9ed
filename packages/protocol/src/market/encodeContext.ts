import { encodeAbiParameters, type Hex } from 'viem'

import type { Claim } from '../claim/claim.ts'
import { claimParameter, type Settlement, settlementParameter } from './settlement.ts'

export type EncodeContextParameters = { settlement: Settlement; claim: Claim }

/** Returns the `context` with which a verifier's calls name an answer of the market. */
export function encodeContext({ settlement, claim }: EncodeContextParameters): Hex {
  return encodeAbiParameters([settlementParameter, claimParameter], [settlement, claim])
}
