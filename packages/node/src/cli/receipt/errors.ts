import { BaseError } from '@assay/protocol'

/** A receipt is sound, and about something else. */
export class ReceiptMismatchError extends BaseError {
  override name = 'ReceiptMismatchError'
  readonly field: string

  constructor(field: string, given: string, expected: string) {
    super(`The receipt's ${field} is ${given}, not ${expected}.`)
    this.field = field
  }
}
