import { type Hash, keccak256 } from 'viem'

import type { Intent } from '../journal/intent.ts'
import type { Fees } from './fees.ts'
import type { WriterContext } from './writer.ts'

/** Gas of a transfer to oneself, which spends a nonce on nothing. */
const cancellationGas = 21_000n

export type SignParameters = {
  intent: Intent
  nonce: number
  fees: Fees
  gas: bigint
}

/** Signs the transaction of an intent, or of its cancellation, and stores it before anybody can have it. */
export async function sign(context: WriterContext, parameters: SignParameters): Promise<Hash> {
  const { account, intents, policy, observe } = context
  const { intent, nonce, fees, gas } = parameters
  const isCancellation = intent.isCancelled
  const effect = isCancellation
    ? { to: account.address, gas: cancellationGas }
    : { to: intent.to, data: intent.data, gas }
  const raw = await account.signTransaction({
    ...effect,
    ...fees,
    type: 'eip1559',
    chainId: policy.chainId,
    nonce,
  })
  const hash = keccak256(raw)
  intents.sign({ hash, intentId: intent.id, nonce, raw, isCancellation, ...fees })
  observe({ type: 'signed', intent: intents.get(intent.id), hash })
  return hash
}
