import type { Address } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type CloseTabParameters = WriteParameters & {
  operator: Address
  /** Whose tab; the sender's by default. */
  payer?: Address | undefined
}

/** Returns what is in a thawed tab to the payer's escrow balance. Anybody may. */
export async function closeTab(
  client: AssayClient,
  parameters: CloseTabParameters,
): Promise<Submitted> {
  const payer = parameters.payer ?? accountOf(client, parameters.account).address
  const args = [payer, parameters.operator] as const
  return submitToLedger(client, parameters, { functionName: 'close', args })
}
