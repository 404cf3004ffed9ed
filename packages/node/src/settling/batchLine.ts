import { saltsOf } from '@assay/protocol/http'
import { canonicalJson } from '@assay/protocol/receipt'

import type { BatchRow } from '../journal/createReceipts.ts'

const lineFeed = new Uint8Array([10])

/**
 * Returns one line of a batch's data: RFC 8785 of the receipt's document as far as its privacy level shows it, and a line
 * feed (docs/protocol/receipts.md).
 */
export function batchLine({ document, signature, privacy, ...kept }: BatchRow): Uint8Array {
  const { claim, ...receipt } = JSON.parse(document) as Record<string, unknown>
  const shown = privacy === 'payment' ? receipt : { ...receipt, claim }
  const published = privacy === 'public' ? contentsOf(kept) : {}
  return Buffer.concat([canonicalJson({ ...shown, ...published, signature }), lineFeed])
}

function contentsOf({ secret, request, body }: Pick<BatchRow, 'secret' | 'request' | 'body'>) {
  const text = (bytes: Uint8Array | undefined | null) => Buffer.from(bytes ?? []).toString('base64')
  return { salts: saltsOf(secret), contents: { input: text(request), output: text(body) } }
}
