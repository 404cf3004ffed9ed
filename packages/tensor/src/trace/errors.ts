import { BaseError } from '@assay/protocol'

/** Serialised tensors do not fill the program's tensors. */
export class TraceLengthError extends BaseError {
  override name = 'TraceLengthError'
  readonly found: number
  readonly needed: number

  constructor(found: number, needed: number) {
    super(`The trace has ${found} bytes; the program's tensors take ${needed}.`)
    this.found = found
    this.needed = needed
  }
}

/** A trace has another number of tensors, or a tensor another number of rows, than the program. */
export class TraceShapeError extends BaseError {
  override name = 'TraceShapeError'
  readonly subject: string
  readonly found: number
  readonly needed: number

  constructor(subject: string, found: number, needed: number) {
    super(`${subject}: found ${found}, needed ${needed}.`)
    this.subject = subject
    this.found = found
    this.needed = needed
  }
}
