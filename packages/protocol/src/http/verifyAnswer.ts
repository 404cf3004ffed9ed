import type { Hash } from 'viem'

import { commitContent } from '../receipt/commitContent.ts'
import { ReceiptFieldError } from '../receipt/errors.ts'
import { servedModelOf } from '../receipt/servedModelOf.ts'
import { type VerifyReceiptParameters, verifyReceipt } from '../receipt/verifyReceipt.ts'
import { AnswerMismatchError, OverpricedError, WireFormatError } from './errors.ts'
import { feeOf, type Price } from './price.ts'
import type { ReceiptDocument } from './receiptDocument.ts'
import { saltsOf } from './saltsOf.ts'

export type VerifyAnswerParameters = Pick<
  VerifyReceiptParameters,
  'signers' | 'previous' | 'recover'
> & {
  document: ReceiptDocument
  /** Name of the request, as the client drew it. */
  requestId?: Hash
  /** Secret of the salts, where the client drew it. */
  secret?: Hash
  /** Exact bytes of the request's body. */
  request?: Uint8Array
  /** What the claim commits to, by `document.content`. */
  response?: Uint8Array
  /** What the client was ready to pay at most: `quoteOf`. */
  quote?: bigint
  /** The operator's price when it was asked. */
  price?: Price
}

/**
 * Checks a receipt against the answer that it came with, as far as what is given goes, without a chain. Throws what
 * `verifyReceipt` throws, `AnswerMismatchError` or `OverpricedError`.
 *
 * @example
 * await verifyAnswer({ document, requestId, secret, request, response, quote, price })
 */
export async function verifyAnswer(parameters: VerifyAnswerParameters): Promise<void> {
  const { document, requestId, signers, previous, recover, quote, price } = parameters
  const { chainId, ledger, receipt, signature, claim } = document
  const optional = {
    ...(signers !== undefined && { signers }),
    ...(previous !== undefined && { previous }),
    ...(claim !== undefined && { claim }),
    ...(recover !== undefined && { recover }),
  }
  await verifyReceipt({ chainId, ledger, receipt, signature, ...optional })
  const served = servedModelOf(document.servedModel)
  if (served !== receipt.servedModel) {
    throw new AnswerMismatchError('servedModel', receipt.servedModel, served)
  }
  if (requestId !== undefined && claim?.requestId !== requestId) {
    throw new AnswerMismatchError('requestId', String(claim?.requestId), requestId)
  }
  requireContents(parameters)
  const due = price === undefined ? undefined : feeOf(price, receipt)
  const most = [quote, due].filter((amount) => amount !== undefined)
  for (const amount of most)
    if (receipt.fee > amount) throw new OverpricedError(receipt.fee, amount)
}

function requireContents({ document, request, response, ...given }: VerifyAnswerParameters) {
  if (document.content === 'tensor' || (request ?? response) === undefined) return
  const secret = given.secret ?? document.secret
  if (secret === undefined) throw new WireFormatError('receipt', 'it has no secret to salt with')
  const { claim } = document
  if (claim === undefined) throw new ReceiptFieldError('claim', 'absent', 'shown')
  const salts = saltsOf(secret)
  const parts = [
    ['inputHash', request, salts.input],
    ['outputHash', response, salts.output],
  ] as const
  for (const [field, content, salt] of parts) {
    const expected = content && commitContent({ salt, content })
    if (expected !== undefined && claim[field] !== expected) {
      throw new AnswerMismatchError(field, claim[field], expected)
    }
  }
}
