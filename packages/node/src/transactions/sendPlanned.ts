import type { Intent } from '../journal/intent.ts'
import { broadcast } from './broadcast.ts'
import { suggestFees } from './fees.ts'
import { gasOf } from './gasOf.ts'
import { sign } from './sign.ts'
import type { Head, WriterContext } from './writer.ts'

export type SendPlannedParameters = {
  head: Head
  /** Nonces spent on chain, as last read. */
  spent: number
  /** What the node suggests as tip. */
  suggestedTip: bigint
}

/** Signs and sends every planned intent whose time has come, in the order in which they were planned. */
export async function sendPlanned(context: WriterContext, parameters: SendPlannedParameters) {
  const { intents, policy } = context
  const { head, spent, suggestedTip } = parameters
  const { baseFeePerGas } = head
  const fees = suggestFees({ baseFeePerGas, suggestedTip, limits: policy.fees })
  const broadcasts: Promise<void>[] = []
  for (const intent of intents.planned()) {
    if (intents.live().length >= policy.maxInFlight) break
    const gas = await admit(context, intent)
    if (gas === undefined) continue
    const nonce = nextNonce(context, spent)
    const hash = await sign(context, { intent, nonce, fees, gas })
    const transaction = intents
      .transactionsOf({ id: intent.id, nonce })
      .find((candidate) => candidate.hash === hash)!
    broadcasts.push(broadcast(context, { intent: intents.get(intent.id), transaction }))
  }
  await Promise.all(broadcasts)
}

/** Returns the gas limit of an intent that may be sent now. */
async function admit(context: WriterContext, intent: Intent): Promise<bigint | undefined> {
  const { intents, review, afterRevert, observe } = context
  const reviewed = await review(intent)
  if (reviewed.verdict === 'wait') return undefined
  if (reviewed.verdict === 'abandon') {
    intents.abandon(intent.id, reviewed.reason)
    observe({ type: 'abandoned', intent: intents.get(intent.id), reason: reviewed.reason })
    return undefined
  }
  const limit = await gasOf(context, intent)
  if ('gas' in limit) return limit.gas
  const { revert } = limit
  if (afterRevert(intent, revert) === 'retry') return undefined
  intents.abandon(intent.id, revert.text)
  observe({ type: 'abandoned', intent: intents.get(intent.id), reason: revert.text })
  return undefined
}

/** The lowest nonce that neither the chain has spent nor the journal has a transaction for: so none is left out. */
function nextNonce({ intents }: WriterContext, spent: number) {
  const used = new Set(intents.transactionsFrom(spent).map(({ nonce }) => nonce))
  let nonce = spent
  while (used.has(nonce)) nonce++
  return nonce
}
