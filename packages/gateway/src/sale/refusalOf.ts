import { PaymentMalformedError, PaymentRefusedError, PaymentUnsettledError } from '@assay/x402'
import { BaseError as ChainError } from 'viem'

import { RequestError } from '../errors.ts'

/** Returns what a client is told whose payment came to nothing; errors of another kind as they are. `challenge` gives the headers that say how to pay. */
export function refusalOf(
  cause: unknown,
  challenge: (reason: string) => Record<string, string>,
): unknown {
  const type = 'payment_error'
  const noRetry = { 'x-should-retry': 'false' }
  if (cause instanceof PaymentMalformedError) {
    const { shortMessage } = cause
    return new RequestError(400, 'payment_malformed', shortMessage, {
      ...{ type, cause, headers: noRetry },
    })
  }
  if (cause instanceof PaymentRefusedError) {
    const { shortMessage, reason } = cause
    const headers = { ...challenge(reason), ...noRetry }
    return new RequestError(402, 'payment_refused', shortMessage, {
      ...{ type, cause, headers, details: { reason } },
    })
  }
  if (cause instanceof PaymentUnsettledError) {
    // The same payment again is safe: it is not made twice.
    const headers = { 'retry-after': '2', 'x-should-retry': 'true' }
    return new RequestError(503, 'payment_unsettled', cause.shortMessage, { type, cause, headers })
  }
  if (cause instanceof ChainError) {
    const message = 'The chain does not answer, so that the payment cannot be looked up.'
    const headers = { 'retry-after': '2' }
    return new RequestError(503, 'chain_unknown', message, { cause, headers })
  }
  return cause
}
