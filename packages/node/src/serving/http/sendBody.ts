import { encodeReceiptHeader, headers as names, type ReceiptDocument } from '@assay/protocol/http'
import { receiptIdOf } from '@assay/protocol/receipt'

import type { Reply } from '../../receipts/issuer.ts'
import type { Asked, ServingDependencies } from './serving.ts'

/** Headers of every answer, streamed or not. */
export function answerHeaders({ model, settled }: Asked, { operator }: ServingDependencies) {
  const { version, verification } = model
  return {
    [names.operator]: operator,
    [names.model]: version,
    [names.verification]: verification,
    'cache-control': 'no-store',
    ...settled?.headers,
  }
}

/** Returns an answer that is whole, with its receipt beside it. */
export function sendBody(
  { body, contentType }: Reply,
  document: ReceiptDocument,
  headers: Record<string, string>,
): Response {
  const { chainId, ledger, receipt, servedModel } = document
  return new Response(new Uint8Array(body), {
    headers: {
      ...headers,
      'content-type': contentType,
      // A name that is no ASCII is in the document, and nowhere else.
      ...(/^[\x20-\x7e]*$/.test(servedModel) && { [names.servedModel]: servedModel }),
      [names.receiptId]: receiptIdOf({ chainId, ledger, receipt }),
      [names.receipt]: encodeReceiptHeader(document),
    },
  })
}
