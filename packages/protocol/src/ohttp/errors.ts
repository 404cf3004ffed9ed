import { BaseError } from '../errors/BaseError.ts'

/** Bytes are no message of binary HTTP or of oblivious HTTP. */
export class OhttpMalformedError extends BaseError {
  override name = 'OhttpMalformedError'

  constructor(reason: string, cause?: unknown) {
    super(`The message is malformed: ${reason}.`, { cause })
  }
}

/** A message is sealed under another key, for an algorithm that is not offered, or was changed. */
export class OhttpOpenError extends BaseError {
  override name = 'OhttpOpenError'

  constructor(reason: string, cause?: unknown) {
    super(`The message does not open: ${reason}.`, { cause })
  }
}

/** A sealed stream ended before its last chunk. */
export class OhttpTruncatedError extends BaseError {
  override name = 'OhttpTruncatedError'

  constructor() {
    super('The sealed stream ended before its last chunk.')
  }
}
