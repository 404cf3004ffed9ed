import type { Address, Hash } from 'viem'

import { BaseError } from '../errors/BaseError.ts'

/** A signature is not by an account that may give it. */
export class SignerMismatchError extends BaseError {
  override name = 'SignerMismatchError'
  /** Who signed; absent if nobody did. */
  readonly signer: Address | undefined
  readonly expected: readonly Address[]

  constructor(subject: string, signer: Address | undefined, expected: readonly Address[]) {
    super(`The ${subject} is signed by ${signer ?? 'nobody'}, not by ${expected.join(' or ')}.`)
    this.signer = signer
    this.expected = expected
  }
}

/** A receipt is about another claim than the answer's. */
export class ReceiptClaimError extends BaseError {
  override name = 'ReceiptClaimError'
  readonly claimHash: Hash
  readonly expected: Hash

  constructor(claimHash: Hash, expected: Hash) {
    super(`The receipt holds claim ${claimHash}, not ${expected}.`)
    this.claimHash = claimHash
    this.expected = expected
  }
}

/** A field of a receipt is not what it has to be at its place in the channel. */
export class ReceiptFieldError extends BaseError {
  override name = 'ReceiptFieldError'
  readonly field: string

  constructor(field: string, given: bigint | string, expected: bigint | string) {
    super(`The receipt's ${field} is ${given}, not ${expected}.`)
    this.field = field
  }
}

/** A session key does not cover a voucher. */
export class SessionKeyError extends BaseError {
  override name = 'SessionKeyError'
}

/** A value has no canonical JSON. */
export class CanonicalJsonError extends BaseError {
  override name = 'CanonicalJsonError'
}

/** Outcomes are not two words a collection, or hold a status that no ledger reports. */
export class OutcomesMalformedError extends BaseError {
  override name = 'OutcomesMalformedError'
}
