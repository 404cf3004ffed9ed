export type BaseErrorOptions = {
  /** What made this happen. */
  cause?: unknown
  /** Further lines for a person: values, and what to do about it. */
  metaMessages?: readonly string[]
}

/** Root of every error that these packages throw. */
export class BaseError extends Error {
  override name = 'BaseError'

  /** The message without the lines of `metaMessages`. */
  readonly shortMessage: string
  readonly metaMessages: readonly string[]

  constructor(shortMessage: string, options: BaseErrorOptions = {}) {
    const { cause, metaMessages = [] } = options
    super([shortMessage, ...metaMessages].join('\n'), cause === undefined ? undefined : { cause })
    this.shortMessage = shortMessage
    this.metaMessages = metaMessages
  }

  /** Returns the first error in the chain of causes, this one included, that `isWanted` accepts. */
  walk<wanted>(isWanted: (error: unknown) => error is wanted): wanted | undefined
  walk(isWanted: (error: unknown) => boolean): unknown
  walk(isWanted: (error: unknown) => boolean): unknown {
    return walkCauses(this, isWanted)
  }
}

/** Returns the first error in the chain of causes of any error that `isWanted` accepts. */
export function walkCauses(error: unknown, isWanted: (error: unknown) => boolean): unknown {
  const seen = new Set<unknown>()
  let current = error
  while (current !== undefined && current !== null && !seen.has(current)) {
    if (isWanted(current)) return current
    seen.add(current)
    current = current instanceof Error ? current.cause : undefined
  }
  return undefined
}
