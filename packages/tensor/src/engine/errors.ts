import { BaseError } from '@assay/protocol'

/** The input does not fill tensor 0. */
export class InputLengthError extends BaseError {
  override name = 'InputLengthError'
  readonly found: number
  readonly needed: number

  constructor(found: number, needed: number) {
    super(`The input has ${found} bytes; the program reads ${needed}.`)
    this.found = found
    this.needed = needed
  }
}
