import type { Hash } from 'viem'

import type { Backend } from '../backend/backend.ts'
import type { Book } from '../book/createBook.ts'
import type { Journal } from '../journal/openJournal.ts'

/** What becomes of an input that is posted. */
export type Receipt =
  | 'kept'
  /** No open job here asks about it. */
  | 'unasked'
  /** The bytes are not what the hash commits to. */
  | 'wrong'

/** Takes inputs that requesters post because they are too large for the chain. */
export type Inbox = {
  /** Most bytes that an input of any model here has. */
  maxBytes: number
  put: (inputHash: Hash, bytes: Uint8Array) => Receipt
}

export type CreateInboxParameters = {
  backends: readonly Backend[]
  book: Pick<Book, 'jobs'>
  journal: Pick<Journal, 'inputs'>
}

/** Creates an inbox that keeps only what a paid job waits for, so that nobody can fill it for nothing. */
export function createInbox({ backends, book, journal }: CreateInboxParameters): Inbox {
  function backendFor(inputHash: Hash) {
    const open = [...book.jobs.values()].find(
      ({ job, answer, end }) => job.inputHash === inputHash && answer === undefined && !end,
    )
    return backends.find(({ modelVersion }) => modelVersion === open?.job.model)
  }

  return {
    maxBytes: Math.max(0, ...backends.map(({ inputBytes }) => inputBytes)),
    put(inputHash, bytes) {
      const backend = backendFor(inputHash)
      if (backend === undefined) return 'unasked'
      if (backend.commitInput(bytes) !== inputHash) return 'wrong'
      journal.inputs.put(inputHash, { bytes })
      return 'kept'
    },
  }
}
