import { encodeContext } from '@assay/protocol'
import { type EncodeReceiptContextParameters, encodeReceiptContext } from '@assay/protocol/receipt'
import type { Address, Hex } from 'viem'

import type { ReadParameters, WriteParameters } from '../client.ts'
import type { JobAnswer } from '../job/jobRecord.ts'

/** The answer of the market that a challenge is about: see `getJob`. */
export type OfAnswer = { answer: Pick<JobAnswer, 'settlement' | 'claim'> }

/** The receipt that a challenge is about, with its claim: a receipt document has all of it. */
export type OfReceipt = EncodeReceiptContextParameters

export type ChallengeParameters = WriteParameters & (OfAnswer | OfReceipt)

/** Returns how the verifier's calls name an answer or a receipt: its source, and the source's own preimage of it. */
export function contextOf(parameters: ReadParameters & (OfAnswer | OfReceipt)) {
  const { market, ledger } = parameters.deployment
  const named: readonly [Address, Hex] =
    'answer' in parameters
      ? [market, encodeContext(parameters.answer)]
      : [ledger, encodeReceiptContext(parameters)]
  return named
}
