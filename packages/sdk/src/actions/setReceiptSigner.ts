import type { Address } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type SetReceiptSignerParameters = WriteParameters & {
  /** Key that signs receipts and settles batches. */
  signer: Address
  /** False ends it, after a delay within which its receipts still bind; true by default. */
  active?: boolean | undefined
}

/** Lets a key sign receipts and settle for the sender, or ends that. */
export async function setReceiptSigner(
  client: AssayClient,
  parameters: SetReceiptSignerParameters,
): Promise<Submitted> {
  const args = [parameters.signer, parameters.active ?? true] as const
  return submitToLedger(client, parameters, { functionName: 'setSigner', args })
}
