import { BaseError } from '@assay/protocol'
import type { Address, Hash } from 'viem'

/** Why a way to pay is refused, in the words of the wire (docs/protocol/http.md). */
export type VoucherRefusal =
  /** Not signed by whom it should be, or for another operator, ledger or chain. */
  | 'voucher_invalid'
  /** The ledger refused it; another one may do. */
  | 'voucher_refused'
  /** Its cap is less than the channel needs. */
  | 'voucher_short'
  /** Its session key expires too soon to be collected by. */
  | 'voucher_expiring'
  /** The tab holds less than the channel needs. */
  | 'tab_short'
  /** The payer takes the tab back. */
  | 'tab_thawing'

/** What a channel stands at, in token units. */
export type ChannelNumbers = {
  quote: bigint
  sequence: bigint
  cumulativeFee: bigint
  /** Sum of the quotes of what is being answered. */
  reserved: bigint
}

/** A request is not paid for. Not retryable as it is: its client has to sign or fund more. */
export class VoucherRefusedError extends BaseError {
  override name = 'VoucherRefusedError'
  readonly code: VoucherRefusal
  /** Where the channel stands; absent where the voucher itself is wrong. */
  readonly numbers: ChannelNumbers | undefined

  constructor(code: VoucherRefusal, reason: string, numbers?: ChannelNumbers, cause?: unknown) {
    super(reason, { cause })
    this.code = code
    this.numbers = numbers
  }
}

/** The name of a request came back with another request, or its answer is not kept any more. Not retryable. */
export class RequestReusedError extends BaseError {
  override name = 'RequestReusedError'

  constructor(requestId: Hash) {
    super(`The request ${requestId} was answered before, to another body or too long ago.`)
  }
}

/** The same request is being answered. Retryable. */
export class RequestUnderWayError extends BaseError {
  override name = 'RequestUnderWayError'

  constructor(requestId: Hash) {
    super(`The request ${requestId} is being answered.`)
  }
}

/** A channel has as many requests under way as it may. Retryable. */
export class ChannelBusyError extends BaseError {
  override name = 'ChannelBusyError'
  readonly limit: number

  constructor(payer: Address, limit: number) {
    super(`${payer} has ${limit} requests under way.`)
    this.limit = limit
  }
}

/** The chain cannot be asked what backs a voucher. Retryable. */
export class ChainUnknownError extends BaseError {
  override name = 'ChainUnknownError'

  constructor(subject: string, cause: unknown) {
    super(`No node says what ${subject} is.`, { cause })
  }
}

/** An admission was used twice, or charged more than was quoted. A mistake of the caller. */
export class AdmissionMisusedError extends BaseError {
  override name = 'AdmissionMisusedError'
}

/** The key signs neither as the operator nor as a signer of it. Not retryable: register it with the ledger. */
export class SignerUnknownError extends BaseError {
  override name = 'SignerUnknownError'

  constructor(signer: Address, operator: Address) {
    super(`${signer} does not sign receipts for ${operator}: register it with the ledger.`)
  }
}
