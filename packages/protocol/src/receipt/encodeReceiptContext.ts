import { encodeAbiParameters, type Hex } from 'viem'

import { type Claim, claimTypes } from '../claim/claim.ts'
import { type Receipt, receiptTypes } from './receipt.ts'

const contextParameters = [
  {
    type: 'tuple',
    components: [
      { type: 'tuple', name: 'receipt', components: receiptTypes.Receipt },
      { type: 'bytes', name: 'signature' },
    ],
  },
  { type: 'tuple', components: claimTypes.Claim },
] as const

export type EncodeReceiptContextParameters = { receipt: Receipt; signature: Hex; claim: Claim }

/** Returns the `context` with which a verifier's calls name the claim of a receipt. */
export function encodeReceiptContext(parameters: EncodeReceiptContextParameters): Hex {
  const { receipt, signature, claim } = parameters
  return encodeAbiParameters(contextParameters, [{ receipt, signature }, claim])
}
