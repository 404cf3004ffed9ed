import { encodeContext } from '@assay/protocol'
import type { Hex } from 'viem'

import type { ReadParameters, WriteParameters } from '../client.ts'
import type { JobAnswer } from '../job/jobRecord.ts'

/** The answer that a challenge is about: see `getJob`. */
export type OfAnswer = { answer: Pick<JobAnswer, 'settlement' | 'claim'> }

export type ChallengeParameters = WriteParameters & OfAnswer

/** Returns how the verifier's calls name an answer: its source, and the source's own preimage of it. */
export function contextOf({ deployment, answer }: ReadParameters & OfAnswer) {
  const context: Hex = encodeContext(answer)
  return [deployment.market, context] as const
}
