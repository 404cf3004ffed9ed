import type { Batch, Receipt } from '@assay/protocol/receipt'
import type { Hash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type OpenReceiptParameters = WriteParameters & {
  receipt: Receipt
  batch: Batch
  /** Place of the receipt in the batch's tree, and its path: see `pathOf` of `@assay/protocol/tree`. */
  leaf: bigint
  path: readonly Hash[]
}

/** Shows a demanded receipt in a batch; the operator earns the bond. Anybody may. */
export async function openReceipt(
  client: AssayClient,
  parameters: OpenReceiptParameters,
): Promise<Submitted> {
  const { receipt, batch, leaf, path } = parameters
  const args = [receipt, batch, leaf, path] as const
  return submitToLedger(client, parameters, { functionName: 'open', args })
}
