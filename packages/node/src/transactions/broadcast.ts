import type { Intent, SignedTransaction } from '../journal/intent.ts'
import type { WriterContext } from './writer.ts'

export type BroadcastParameters = {
  intent: Intent
  transaction: Pick<SignedTransaction, 'hash' | 'raw'>
}

/**
 * Hands a stored transaction to the nodes. An error proves nothing, since a node may take a transaction and then fail
 * to say so: what became of it is learnt from receipts and nonces alone.
 */
export async function broadcast(context: WriterContext, parameters: BroadcastParameters) {
  const { client, intents, clock, observe, broadcasts } = context
  const { intent, transaction } = parameters
  const { hash, raw } = transaction
  broadcasts.set(hash, clock.elapsed())
  try {
    await client.sendRawTransaction({ serializedTransaction: raw })
  } catch (error) {
    observe({ type: 'uncertain', intent, hash, error })
    return
  }
  observe({ type: 'broadcast', intent, hash })
  const { state } = intents.get(intent.id)
  if (state !== 'signed' && state !== 'sent') return
  intents.sent(intent.id, hash)
  observe({ type: 'sent', intent: intents.get(intent.id), hash })
}
