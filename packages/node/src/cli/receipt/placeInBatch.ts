import { readBatchNumber } from '@assay/protocol/receipt'
import { leafHash, verifyPath } from '@assay/protocol/tree'
import { findBatches } from '@assay/sdk'
import { hexToBytes } from 'viem'

import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import type { BoundReceipt } from './bindReceipt.ts'
import { ReceiptMismatchError } from './errors.ts'
import type { Placement } from './fetchReceipt.ts'

/** Checks against the chain where an operator says that a receipt is. Throws `ReceiptMismatchError` where it is not. */
export async function placeInBatch(
  { client, deployment }: Pick<Scene, 'client' | 'deployment'>,
  { id, document }: Pick<BoundReceipt, 'id' | 'document'>,
  placement: Placement | undefined,
): Promise<Report> {
  if (placement === undefined) {
    return { lines: ['  batch      not said'], data: { batch: null } }
  }
  const { number, leaf, path } = placement
  const { operator } = document.receipt
  const found = (await findBatches(client, { deployment, operator })).find(
    ({ batch }) => batch.number === number,
  )
  if (found === undefined) throw new ReceiptMismatchError('batch', `${number}`, 'one of the chain')
  const { root, count } = found.batch
  const isThere = verifyPath({
    ...{ tag: 'RCP1' as const, count: Number(count), root, path, index: Number(leaf) },
    leafHash: leafHash(hexToBytes(id)),
  })
  if (!isThere) throw new ReceiptMismatchError('path', 'to another root', `to ${root}`)
  const settled = formatTime(readBatchNumber(number).settledAt)
  return {
    lines: [`  batch      ${number}, leaf ${leaf} of ${count}, settled ${settled}`],
    data: { batch: { number, leaf, transaction: found.hash } },
  }
}
