import { errorBody } from '@assay/protocol/http'

import {
  ChainUnknownError,
  ChannelBusyError,
  RequestReusedError,
  RequestUnderWayError,
  VoucherRefusedError,
} from '../../receipts/errors.ts'
import type { Failure } from './errorResponse.ts'

const noRetry = { 'x-should-retry': 'false' }
const soon = { 'retry-after': '1', 'retry-after-ms': '1000' }

/** Returns how it is told that a request was not admitted; nothing for errors of another kind. */
export function refusalOf(error: unknown): Failure | undefined {
  if (error instanceof VoucherRefusedError) return unpaid(error)
  if (error instanceof RequestReusedError) {
    return refusal(409, error, 'invalid_request_error', 'request_reused', noRetry)
  }
  if (error instanceof RequestUnderWayError) {
    return refusal(409, error, 'invalid_request_error', 'request_under_way', soon)
  }
  if (error instanceof ChannelBusyError) {
    return refusal(429, error, 'rate_limit_error', 'channel_busy', soon)
  }
  if (error instanceof ChainUnknownError) {
    return refusal(503, error, 'server_error', 'chain_unknown', soon)
  }
  return undefined
}

function refusal(
  status: number,
  { shortMessage: message }: RequestReusedError,
  type: string,
  code: string,
  headers: Record<string, string>,
): Failure {
  return { status, body: errorBody({ message, type, code }), headers }
}

function unpaid({ shortMessage: message, code, numbers }: VoucherRefusedError): Failure {
  const details = Object.fromEntries(
    Object.entries(numbers ?? {}).map(([name, value]) => [name, `${value}`]),
  )
  const body = errorBody({ message, type: 'payment_error', code, details })
  return { status: 402, body, headers: noRetry }
}
