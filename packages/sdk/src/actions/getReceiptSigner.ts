import type { Address } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetReceiptSignerParameters = ReadParameters & { operator: Address; signer: Address }

export type GetReceiptSignerReturnType = {
  /** Unix time in seconds: receipts issued before it bind the operator. Zero for a key that never was its signer. */
  until: bigint
}

/** Returns which receipts of a key bind an operator. The operator's own key always does, whatever is said here. */
export async function getReceiptSigner(
  client: AssayClient,
  parameters: GetReceiptSignerParameters,
): Promise<GetReceiptSignerReturnType> {
  const args = [parameters.operator, parameters.signer] as const
  return { until: await readLedger(client, parameters, { functionName: 'signerUntil', args }) }
}
