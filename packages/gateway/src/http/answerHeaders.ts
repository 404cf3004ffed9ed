import { encodeReceiptHeader, headers as names } from '@assay/protocol/http'

import type { RoutedRequest } from '../router/answer.ts'
import type { Routed } from '../router/createRouter.ts'
import { idOf } from '../support/idOf.ts'

/** Returns what an answer's headers say of who gave it, and why. */
export function answerHeaders({ answer, attempts, reason }: Routed, request: RoutedRequest) {
  const { upstream, offer } = answer.rated
  const document = answer.kind === 'body' ? answer.document : undefined
  const isProven = answer.kind === 'stream' ? answer.needsReceipt : document !== undefined
  return {
    'x-request-id': request.id,
    [names.operator]: upstream.id,
    ...(offer.version !== undefined && { [names.model]: offer.version }),
    ...(answer.served !== undefined && { [names.servedModel]: printable(answer.served) }),
    [names.attempts]: String(attempts),
    [names.reason]: printable(reason),
    [names.verification]: isProven ? offer.verification : 'none',
    // With it, who has the receipt can show prompt and answer to be what it commits to.
    ...(isProven && { [names.secret]: request.secret }),
    ...(document !== undefined && {
      [names.receiptId]: idOf(document),
      [names.receipt]: encodeReceiptHeader(document),
    }),
  }
}

/** Headers hold visible ASCII only, and an upstream may say what it likes. */
function printable(text: string) {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 256)
}
