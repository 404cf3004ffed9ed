import { errorBody } from '@assay/protocol/http'
import { PaymentMalformedError, PaymentRefusedError, PaymentUnsettledError } from '@assay/x402'

import type { Failure } from './errorResponse.ts'

/** Returns how it is told that a payment by x402 came to nothing; nothing for errors of another kind. */
export function saleFailureOf(error: unknown): Failure | undefined {
  if (error instanceof PaymentMalformedError) return failure(400, error, 'payment_malformed')
  if (error instanceof PaymentRefusedError) {
    return failure(402, error, 'payment_refused', { reason: error.reason })
  }
  if (error instanceof PaymentUnsettledError) {
    const { status, body } = failure(503, error, 'payment_unsettled')
    // The same payment again is safe: it is not made twice.
    return { status, body, headers: { 'retry-after': '2', 'x-should-retry': 'true' } }
  }
  return undefined
}

function failure(
  status: number,
  { shortMessage: message }: PaymentMalformedError,
  code: string,
  details: Record<string, unknown> = {},
): Failure {
  const body = errorBody({ message, type: 'payment_error', code, details })
  return { status, body, headers: { 'x-should-retry': 'false' } }
}
