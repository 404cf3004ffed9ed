import { setImmediate as turn } from 'node:timers/promises'
import { buildReceiptTree, createKeccak } from '@assay/crypto'
import { type Hash, zeroHash } from 'viem'

import type { Journal } from '../journal/openJournal.ts'
import { batchLine } from './batchLine.ts'
import type { BuiltBatch } from './settling.ts'

/** Receipts between which others get their turn. */
const chunk = 500

/** Returns the data of a range of receipts, piece by piece. */
export function* batchData({ receipts }: Pick<Journal, 'receipts'>, first: number, last: number) {
  for (let at = first; at <= last; at += chunk) {
    const rows = receipts.rows(at, Math.min(at + chunk - 1, last))
    yield { ids: rows.map(({ id }) => id), bytes: Buffer.concat(rows.map(batchLine)) }
  }
}

/** Computes what a batch of a range of receipts commits to. Neither these nor their order change any more. */
export async function buildBatch(
  journal: Pick<Journal, 'receipts'>,
  { first, last }: { first: number; last: number },
): Promise<BuiltBatch> {
  const ids: Hash[] = []
  const keccak = await createKeccak()
  for (const piece of batchData(journal, first, last)) {
    for (const id of piece.ids) ids.push(id)
    keccak.update(piece.bytes)
    await turn()
  }
  const count = ids.length
  if (count === 0) return { first, last, root: zeroHash, count, dataHash: zeroHash }
  return { first, last, root: buildReceiptTree(ids).root, count, dataHash: keccak.digest() }
}
