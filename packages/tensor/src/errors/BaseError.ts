export type BaseErrorOptions = {
  /** What led to this error. */
  cause?: unknown
  /** Lines that follow the short message. */
  metaMessages?: readonly string[]
}

/** Every error this package throws. */
export class BaseError extends Error {
  override name = 'BaseError'
  readonly shortMessage: string
  readonly metaMessages: readonly string[]

  constructor(shortMessage: string, options: BaseErrorOptions = {}) {
    const { cause, metaMessages = [] } = options
    super([shortMessage, ...metaMessages].join('\n'), cause === undefined ? undefined : { cause })
    this.shortMessage = shortMessage
    this.metaMessages = metaMessages
  }
}
