import { BaseError } from '@assay/protocol'

/** What went wrong with an upstream. */
export type UpstreamFailure =
  /** No connection, or one that broke before the answer began. */
  | 'unreachable'
  /** Too slow to connect, to begin, between two events or altogether. */
  | 'timeout'
  /** It asks for a pause. */
  | 'limited'
  /** What was paid for at the upstream is used up: waiting helps nothing. */
  | 'quota'
  /** It does not take the operator's key. */
  | 'unauthorized'
  /** It finds the request wrong. */
  | 'refused'
  /** It failed by its own account. */
  | 'failed'
  /** What came is not what its API says. */
  | 'malformed'
  /** More came than is taken. */
  | 'tooLarge'
  /** The answer ended before its end. */
  | 'truncated'

export type UpstreamErrorOptions = {
  failure: UpstreamFailure
  /** For whoever asked: holds no secrets. */
  message: string
  /** HTTP status of the upstream. */
  status?: number | undefined
  retryAfterMs?: number | undefined
  cause?: unknown
}

/** A model did not answer. Another attempt makes sense unless `failure` is `refused`. */
export class UpstreamError extends BaseError {
  override name = 'UpstreamError'
  readonly failure: UpstreamFailure
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor({ failure, message, status, retryAfterMs, cause }: UpstreamErrorOptions) {
    super(message, { cause })
    this.failure = failure
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

export type RequestErrorOptions = {
  status: 400 | 402 | 404 | 409 | 413 | 415 | 422
  code: string
  message: string
  param?: string
  cause?: unknown
}

/** A request is not one that can be answered. Not retryable: change the request. */
export class RequestError extends BaseError {
  override name = 'RequestError'
  readonly status: RequestErrorOptions['status']
  readonly code: string
  readonly param: string | undefined

  constructor({ status, code, message, param, cause }: RequestErrorOptions) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.param = param
  }
}

/** As much is being answered as is taken at a time. Retryable, later or elsewhere. */
export class BusyError extends BaseError {
  override name = 'BusyError'
  readonly retryAfterMs: number

  constructor({ retryAfterMs }: { retryAfterMs: number }) {
    super('Too many requests are being answered.')
    this.retryAfterMs = retryAfterMs
  }
}

/** A package that a backend needs is not installed. Not retryable: install it. */
export class PackageMissingError extends BaseError {
  override name = 'PackageMissingError'

  constructor({ specifier, cause }: { specifier: string; cause: unknown }) {
    super(`The package ${specifier} is not installed: npm install ${specifier}`, { cause })
  }
}

/** A request that is not free came without a way to pay for it. */
export class PaymentRequiredError extends BaseError {
  override name = 'PaymentRequiredError'
  /** Token units. */
  readonly quote: bigint
  /** Headers that say how else it can be paid. */
  readonly headers: Record<string, string>

  constructor({ quote, headers = {} }: { quote: bigint; headers?: Record<string, string> }) {
    super(`The answer may cost ${quote} token units: send a voucher that covers it.`)
    this.quote = quote
    this.headers = headers
  }
}
