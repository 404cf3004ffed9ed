import { type Address, type Hash, zeroAddress } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetReceiptDisputeParameters = ReadParameters & {
  /** Id of the receipt: see `receiptIdOf` of `@assay/protocol/receipt`. */
  id: Hash
}

export type GetReceiptDisputeReturnType = {
  /** Penalties that struck it. */
  isEquivocated: boolean
  isOmitted: boolean
  isRefuted: boolean
  /** Whether its payer got the fee back. */
  isRefunded: boolean
  /** Challenges of its claim that are not decided. */
  openChallenges: number
  /** Who demands that it be opened, and the Unix time in seconds before which it must be; undefined if nobody does. */
  demand: { demander: Address; deadline: bigint } | undefined
}

/** Returns what the ledger keeps of a disputed receipt; of others it keeps nothing. */
export async function getReceiptDispute(
  client: AssayClient,
  parameters: GetReceiptDisputeParameters,
): Promise<GetReceiptDisputeReturnType> {
  const args = [parameters.id] as const
  const state = await readLedger(client, parameters, { functionName: 'disputeOf', args })
  const { demander, deadline } = state
  return {
    isEquivocated: state.equivocated,
    isOmitted: state.omitted,
    isRefuted: state.refuted,
    isRefunded: state.refunded,
    openChallenges: Number(state.openChallenges),
    demand: demander === zeroAddress ? undefined : { demander, deadline },
  }
}
