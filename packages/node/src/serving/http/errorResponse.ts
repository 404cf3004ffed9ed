import { errorBody, WireFormatError } from '@assay/protocol/http'

import {
  BusyError,
  PaymentRequiredError,
  RequestError,
  UpstreamError,
  type UpstreamFailure,
} from '../errors.ts'
import { refusalOf } from './refusalOf.ts'
import { saleFailureOf } from './saleFailureOf.ts'

/** An error as it is sent. */
export type Failure = {
  status: number
  body: ReturnType<typeof errorBody>
  headers: Record<string, string>
}

const noRetry = { 'x-should-retry': 'false' }

/** Returns how an error is told to whoever asked. What nobody foresaw is told by its name only. */
export function failureFor(error: unknown): Failure {
  if (error instanceof RequestError) {
    const { status, code, message, param } = error
    const body = errorBody({ message, type: 'invalid_request_error', code, param: param ?? null })
    return { status, body, headers: {} }
  }
  if (error instanceof WireFormatError) {
    const { message, subject } = error
    const code = 'invalid_header'
    const body = errorBody({ message, type: 'invalid_request_error', code, param: subject })
    return { status: 400, body, headers: {} }
  }
  if (error instanceof UpstreamError) return upstreamFailure(error)
  if (error instanceof PaymentRequiredError) {
    const details = { quote: `${error.quote}` }
    const { message } = error
    const body = errorBody({ message, type: 'payment_error', code: 'payment_required', details })
    return { status: 402, body, headers: { ...noRetry, ...error.headers } }
  }
  if (error instanceof BusyError) {
    const body = errorBody({ message: error.message, type: 'server_error', code: 'busy' })
    return { status: 503, body, headers: retryAfter(error.retryAfterMs) }
  }
  return refusalOf(error) ?? saleFailureOf(error) ?? unforeseen
}

const unforeseen: Failure = {
  status: 500,
  body: errorBody({
    ...{ message: 'The operator failed.', type: 'server_error', code: 'internal_error' },
  }),
  headers: {},
}

/** Status of each, for clients and gateways that know nothing of us. */
const statuses: Record<UpstreamFailure, number> = {
  unreachable: 502,
  timeout: 504,
  limited: 429,
  quota: 503,
  unauthorized: 502,
  refused: 400,
  failed: 502,
  malformed: 502,
  tooLarge: 502,
  truncated: 502,
}

function upstreamFailure(error: UpstreamError): Failure {
  const { failure, message, retryAfterMs } = error
  const isRefused = failure === 'refused'
  const status = isRefused ? (error.status ?? 400) : statuses[failure]
  const code = failure === 'limited' ? 'rate_limit_exceeded' : `upstream_${snake(failure)}`
  const type = isRefused
    ? 'invalid_request_error'
    : failure === 'limited'
      ? 'rate_limit_error'
      : 'server_error'
  const body = errorBody({ message, type, code })
  return { status, body, headers: retryAfterMs === undefined ? {} : retryAfter(retryAfterMs) }
}

function snake(name: string) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function retryAfter(ms: number) {
  return { 'retry-after': String(Math.ceil(ms / 1000)), 'retry-after-ms': String(Math.ceil(ms)) }
}
