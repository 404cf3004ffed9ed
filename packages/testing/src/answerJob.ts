import type { Job } from '@assay/protocol'
import { outputOf, type Trace } from '@assay/tensor'
import type { NetworkHelpers } from '@nomicfoundation/hardhat-network-helpers/types'
import { bytesToHex } from 'viem'

import type { ActorName, Suite } from './deploySuite.ts'

export type AnswerJobParameters = {
  job: Job
  operator: ActorName
  /** What the operator commits to, honest or not. */
  trace: Trace
}

/** Moves the clock into the operator's slot and answers; returns the transaction. */
export async function answerJob(
  suite: Suite,
  networkHelpers: NetworkHelpers,
  { job, operator, trace }: AnswerJobParameters,
) {
  const { market, actors } = suite
  const { account } = actors[operator]
  // The seed is the hash of the block after the request's.
  await networkHelpers.mine()
  const opensAt = await market.read.slotOf([job, account.address], { blockTag: 'pending' })
  const now = BigInt(await networkHelpers.time.latest())
  await networkHelpers.time.setNextBlockTimestamp(opensAt > now ? opensAt : now + 1n)
  const output = bytesToHex(outputOf(trace))
  return market.write.answer([job, account.address, output, trace.evidenceHash], { account })
}
