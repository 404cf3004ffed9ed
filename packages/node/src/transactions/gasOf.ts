import type { Intent } from '../journal/intent.ts'
import { type Revert, revertOf } from './revert.ts'
import type { WriterContext } from './writer.ts'

/** Most gas that a transaction may ask for (EIP-7825). */
const maxTransactionGas = 1n << 24n

/** The gas limit for an intent, or why the chain would refuse it now. */
export type GasOfReturnType = { gas: bigint } | { revert: Revert }

/** Returns the intent's own gas limit, or an estimate with a fifth on top. Throws where the node does not answer. */
export async function gasOf(context: WriterContext, intent: Intent): Promise<GasOfReturnType> {
  if (intent.gas !== null) return { gas: intent.gas }
  const { client, account } = context
  try {
    const call = { account: account.address, to: intent.to, data: intent.data }
    const estimate = await client.estimateGas(call)
    const gas = (estimate * 6n) / 5n
    return { gas: gas < maxTransactionGas ? gas : maxTransactionGas }
  } catch (error) {
    const revert = revertOf(error)
    if (revert === undefined) throw error
    return { revert }
  }
}
