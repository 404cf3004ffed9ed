import { BaseError } from '@assay/protocol'

/**
 * Ways in which an attempt fails. `counts`: the upstream's circuit breaker takes note. `isFinal`: the request is at fault,
 * so that no other upstream is asked. `passes`: the same upstream may do better in a moment.
 */
export const failureKinds = {
  refused: { counts: true, isFinal: false, passes: true },
  connect_timeout: { counts: true, isFinal: false, passes: true },
  first_token_timeout: { counts: true, isFinal: false, passes: true },
  idle_timeout: { counts: true, isFinal: false, passes: true },
  /** The connection ended within an answer. */
  cut: { counts: true, isFinal: false, passes: true },
  server_error: { counts: true, isFinal: false, passes: true },
  malformed: { counts: true, isFinal: false, passes: true },
  wrong_model: { counts: true, isFinal: false, passes: false },
  /** The operator is answering the same request for somebody who is gone. */
  under_way: { counts: false, isFinal: false, passes: true },
  /** Out for as long as the upstream says. */
  rate_limited: { counts: false, isFinal: false, passes: true },
  /** Out until somebody pays the provider's bill. */
  quota_exhausted: { counts: false, isFinal: false, passes: false },
  /** Out until somebody mends the key. */
  unauthorized: { counts: false, isFinal: false, passes: false },
  /** The operator does not take our vouchers, or wants more than the policy allows. */
  unpayable: { counts: false, isFinal: false, passes: false },
  /** The operator is trusted no further. */
  invalid_receipt: { counts: false, isFinal: false, passes: false },
  /** The upstream finds the request itself wrong. */
  rejected: { counts: false, isFinal: true, passes: false },
  /** Nobody waits for the answer any more. */
  cancelled: { counts: false, isFinal: true, passes: false },
} as const

export type FailureKind = keyof typeof failureKinds

export type AttemptErrorOptions = {
  /** HTTP status of the upstream. */
  status?: number | undefined
  /** Milliseconds that the upstream asks to be left alone. */
  retryAfterMs?: number | undefined
  /** Body of a rejection, passed on as it is. */
  body?: Uint8Array | undefined
  /** What the upstream says of itself, as `error.code`. */
  code?: string | undefined
  /** The rest of the `error` object. */
  details?: Record<string, unknown> | undefined
  cause?: unknown
}

/** An attempt to get an answer from one upstream failed. */
export class AttemptError extends BaseError {
  override name = 'AttemptError'
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly body: Uint8Array | undefined
  readonly code: string | undefined
  readonly details: Record<string, unknown>

  constructor(kind: FailureKind, message: string, options: AttemptErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.status = options.status
    this.retryAfterMs = options.retryAfterMs
    this.body = options.body
    this.code = options.code
    this.details = options.details ?? {}
  }
}
