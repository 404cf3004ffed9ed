import type { ReceiptDocument } from '@assay/protocol/http'
import { receiptIdOf } from '@assay/protocol/receipt'
import type { Hash } from 'viem'

const known = new WeakMap<ReceiptDocument, Hash>()

/** Returns the id of a receipt. Documents are never changed, so that each is hashed once. */
export function idOf(document: ReceiptDocument): Hash {
  const id = known.get(document) ?? receiptIdOf(document)
  known.set(document, id)
  return id
}

/** Notes an id that was computed elsewhere: the digest whose signature was checked. */
export function noteId(document: ReceiptDocument, id: Hash): void {
  known.set(document, id)
}
