import type { Address } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetPledgeParameters = ReadParameters & {
  /** Whose pledge; the client's account by default. */
  operator?: Address | undefined
}

export type GetPledgeReturnType = {
  /** Stake that the operator promised not to take back, in token units. */
  pledged: bigint
  /** The part of it that batches hold until they are released. */
  reserved: bigint
  /** Batches settled so far. */
  batches: bigint
}

/** Returns what stands behind an operator's receipts. */
export async function getPledge(
  client: AssayClient,
  parameters: GetPledgeParameters,
): Promise<GetPledgeReturnType> {
  const args = [parameters.operator ?? accountOf(client).address] as const
  return readLedger(client, parameters, { functionName: 'pledgeOf', args })
}
