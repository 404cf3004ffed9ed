import { BaseError } from '@assay/protocol'

/** Another process works with the journal. Not retryable: stop one of the two. */
export class JournalLockedError extends BaseError {
  override name = 'JournalLockedError'

  constructor({ path, cause }: { path: string; cause: unknown }) {
    super(`Another process holds the journal ${path}.`, { cause })
  }
}

/** The journal was written for another chain, contract or key. Not retryable: it belongs to something else. */
export class JournalMismatchError extends BaseError {
  override name = 'JournalMismatchError'

  constructor({ name, found, expected }: { name: string; found: string; expected: string }) {
    super(`The journal belongs to ${name} ${found}, not to ${expected}.`)
  }
}

/** The journal was written by a newer version. Not retryable: start that version. */
export class JournalTooNewError extends BaseError {
  override name = 'JournalTooNewError'

  constructor({ version, known }: { version: number; known: number }) {
    super(`The journal has schema ${version}; this version knows schemas up to ${known}.`)
  }
}

/** An intent was asked to move from a state that it is not in. */
export class IntentStateError extends BaseError {
  override name = 'IntentStateError'

  constructor({ id, wanted }: { id: number; wanted: string }) {
    super(`Intent ${id} is not in a state from which it can become ${wanted}.`)
  }
}

/** A subject already has an unfinished or final intent of that kind. */
export class SubjectTakenError extends BaseError {
  override name = 'SubjectTakenError'

  constructor({ kind, subject }: { kind: string; subject: string }) {
    super(`${subject} already has an intent to ${kind}.`)
  }
}
