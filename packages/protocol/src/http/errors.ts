import { BaseError } from '../errors/BaseError.ts'

/** A header or a body is not what its place calls for. */
export class WireFormatError extends BaseError {
  override name = 'WireFormatError'
  readonly subject: string

  constructor(subject: string, reason: string, cause?: unknown) {
    super(`The ${subject} is malformed: ${reason}.`, { cause })
    this.subject = subject
  }
}

/** An answer is not the one that its receipt is about. */
export class AnswerMismatchError extends BaseError {
  override name = 'AnswerMismatchError'
  readonly field: string

  constructor(field: string, given: string, expected: string) {
    super(`The receipt's ${field} is ${given}, and the answer's ${expected}.`)
    this.field = field
  }
}

/** An operator charges more than its price. */
export class OverpricedError extends BaseError {
  override name = 'OverpricedError'
  readonly fee: bigint
  readonly due: bigint

  constructor(fee: bigint, due: bigint) {
    super(`The receipt charges ${fee}, and the price comes to ${due}.`)
    this.fee = fee
    this.due = due
  }
}
