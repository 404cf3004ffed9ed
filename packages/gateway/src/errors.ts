import { BaseError } from '@assay/protocol'

/** What the gateway was told to do cannot be done. Not retryable: change the configuration. */
export class GatewayConfigError extends BaseError {
  override name = 'GatewayConfigError'
}

/** The journal is held by another process, or belongs to another payer, chain or version. Not retryable. */
export class GatewayJournalError extends BaseError {
  override name = 'GatewayJournalError'
}

/** What a request is refused with: it becomes an answer in OpenAI's form. */
export class RequestError extends BaseError {
  override name = 'RequestError'
  readonly status: number
  readonly code: string
  readonly type: string
  readonly param: string | null
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(status: number, code: string, message: string, options: RequestErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.status = status
    this.code = code
    this.type = options.type ?? typeOf(status)
    this.param = options.param ?? null
    this.headers = options.headers ?? {}
    this.details = options.details
  }
}

export type RequestErrorOptions = {
  type?: string
  param?: string
  headers?: Record<string, string>
  details?: Record<string, unknown>
  cause?: unknown
}

function typeOf(status: number) {
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/** The payer's policy does not allow what an operator wants. The operator is passed over. */
export class ExposureError extends BaseError {
  override name = 'ExposureError'
}

/** A channel does not add up: the operator signed what cannot be. The operator is trusted no further. */
export class ChannelError extends BaseError {
  override name = 'ChannelError'
}
