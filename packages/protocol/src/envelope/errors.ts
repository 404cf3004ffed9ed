import type { Address } from 'viem'

import { BaseError } from '../errors/BaseError.ts'

/** Bytes are no envelope. */
export class EnvelopeMalformedError extends BaseError {
  override name = 'EnvelopeMalformedError'

  constructor(reason: string) {
    super(`The bytes are no envelope: ${reason}.`)
  }
}

/** An envelope is sealed for others. */
export class NotRecipientError extends BaseError {
  override name = 'NotRecipientError'
  readonly recipient: Address
  readonly recipients: readonly Address[]

  constructor(recipient: Address, recipients: readonly Address[]) {
    super(`The envelope is sealed for ${recipients.join(', ')}, not for ${recipient}.`)
    this.recipient = recipient
    this.recipients = recipients
  }
}

/** An envelope was sealed with another key, about something else, or was changed. */
export class EnvelopeOpenError extends BaseError {
  override name = 'EnvelopeOpenError'

  constructor(cause: unknown) {
    super('The envelope does not open: another key, another subject, or changed bytes.', { cause })
  }
}

/** An envelope has no recipients, or more than it can name. */
export class RecipientCountError extends BaseError {
  override name = 'RecipientCountError'
  readonly count: number

  constructor(count: number, max: number) {
    super(`An envelope has 1 to ${max} recipients, not ${count}.`)
    this.count = count
  }
}

/** A recipient cannot be sealed for. */
export class RecipientKeyError extends BaseError {
  override name = 'RecipientKeyError'
  readonly recipient: Address

  constructor(recipient: Address, cause?: unknown) {
    super(`${recipient} has no X25519 key that can be sealed for.`, { cause })
    this.recipient = recipient
  }
}
