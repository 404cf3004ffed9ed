import { BaseError } from '@assay/protocol'

/** A payment header is none of x402 v2 with the scheme `exact` and ERC-3009. */
export class PaymentMalformedError extends BaseError {
  override name = 'PaymentMalformedError'

  constructor(reason: string, cause?: unknown) {
    super(`The payment is malformed: ${reason}.`, { cause })
  }
}

/** A payment is not what was asked for, or cannot be made. */
export class PaymentRefusedError extends BaseError {
  override name = 'PaymentRefusedError'
  /** Reason as x402 names it. */
  readonly reason: string

  constructor(reason: string, message?: string) {
    super(`The payment is refused: ${message ?? reason}.`)
    this.reason = reason
  }
}

/** A payment was sent, and it is not known yet whether it was made. The same request again asks anew. */
export class PaymentUnsettledError extends BaseError {
  override name = 'PaymentUnsettledError'

  constructor(cause?: unknown) {
    super('The payment is not confirmed yet.', { cause })
  }
}
