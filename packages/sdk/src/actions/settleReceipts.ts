import { receiptLedgerAbi } from '@assay/protocol'
import {
  type Batch,
  batchOf,
  collectionsOf,
  decodeOutcomes,
  type Outcome,
  type VoucherCollection,
} from '@assay/protocol/receipt'
import { type Address, type Hash, parseEventLogs, zeroHash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submitToLedger } from '../internal/ledger.ts'

export type SettleReceiptsParameters = WriteParameters & {
  /** For whom; the sender by default, which may also be a signer of the operator. */
  operator?: Address | undefined
  /** Slot of the operator's ring of batches: one that is free. */
  index: number
  /** Root and size of the tree of the receipts' ids; none by default. */
  root?: Hash | undefined
  count?: bigint | undefined
  /** keccak256 of the batch's data. */
  dataHash?: Hash | undefined
  /** Vouchers to collect; a session key's comes with it, and a contract's is marked. */
  collections?: readonly VoucherCollection[] | undefined
}

export type SettleReceiptsReturnType = Submitted & {
  /** What every later call about this batch takes. */
  batch: Batch
  /** Words of the outcomes, which penalties and refunds take. */
  outcomes: readonly bigint[]
  /** The same, in the order of `collections`: whatever was refused stopped no other. */
  collected: Outcome[]
}

/**
 * Posts a batch of receipts and collects from tabs. What was collected is paid by `releaseBatch` once its window has passed.
 *
 * @example
 * const tree = receiptTree(ids)
 * const posting = { index: 0, root: tree.root, count: BigInt(ids.length), dataHash }
 * const collections = [{ voucher, sequence: 7n, cumulativeFee: 91_000n }]
 * const { batch, collected } = await settleReceipts(client, { deployment, ...posting, collections })
 */
export async function settleReceipts(
  client: AssayClient,
  parameters: SettleReceiptsParameters,
): Promise<SettleReceiptsReturnType> {
  const { index, root = zeroHash, count = 0n, dataHash = zeroHash } = parameters
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  const { collections, authorities } = collectionsOf(parameters.collections ?? [])
  const posting = { index, root, count, dataHash }
  const args = [operator, posting, collections, authorities] as const
  const submitted = await submitToLedger(client, parameters, { functionName: 'settle', args })
  const { logs } = submitted.receipt
  // A settlement emits exactly one of them.
  const [log] = parseEventLogs({ abi: receiptLedgerAbi, eventName: 'BatchSettled', logs })
  const { outcomes } = log!.args
  const batch = batchOf(log!.args)
  return { ...submitted, batch, outcomes, collected: decodeOutcomes(outcomes) }
}
