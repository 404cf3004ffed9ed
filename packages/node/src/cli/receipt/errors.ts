import { BaseError } from '@assay/protocol'

import { ChainError } from '../chain/errors.ts'

/** A receipt is sound, and about something else. */
export class ReceiptMismatchError extends BaseError {
  override name = 'ReceiptMismatchError'
  readonly field: string

  constructor(field: string, given: string, expected: string) {
    super(`The receipt's ${field} is ${given}, not ${expected}.`)
    this.field = field
  }
}

/** A receipt, or the batch that it needs, does not stand where a command needs it. */
export class ReceiptStateError extends ChainError {
  override name = 'ReceiptStateError'

  constructor(fault: string, advice: string) {
    super(fault, { metaMessages: [advice] })
  }
}
