import type { Task } from '@assay/protocol/http'
import type { Hash } from 'viem'

/** A request as a backend gets it: the body as sent, and what it says. */
export type ServedRequest = {
  task: Task
  /** Exact bytes of the body. */
  bytes: Uint8Array
  /** The same, parsed and checked by the task's schema; fields that no schema knows are kept. */
  body: Record<string, unknown>
  /** Most units that the answer may have, of all choices together. */
  maxUnitsOut: number
  /** Answers that are asked for at once. */
  choices: number
}

/** What is counted of an answer. */
export type Counted = {
  /** Absent where the upstream does not say. */
  unitsIn: bigint | undefined
  unitsOut: bigint | undefined
  /** Bytes of the text that the answer holds: no tokenizer in use makes more tokens of it. */
  textBytes: number
  /** Name that the upstream gave. */
  servedModel: string
}

/** An answer, whole or in events. */
export type ServedAnswer =
  | {
      kind: 'body'
      /** JSON in OpenAI's form, as it is sent. */
      bytes: Uint8Array
      counted: Counted
      /** Of exact models: their own commitments instead of salted ones. */
      exact?: { inputHash: Hash; outputHash: Hash; evidenceHash: Hash; trace: Uint8Array }
    }
  | {
      kind: 'events'
      /**
       * Data of each event of OpenAI's stream in order, in one line each, without `[DONE]`. Resolved once the first event is there, so that
       * what fails before it is an error of the request. Throws `UpstreamError` where the upstream breaks off.
       */
      events: AsyncIterable<string>
      /** Known once the events are over. */
      counted: () => Counted
    }

/** Something that answers requests of OpenAI's API. Throws `UpstreamError`, which says whether another attempt makes sense. */
export type ServedBackend = {
  tasks: readonly Task[]
  answer: (request: ServedRequest, signal: AbortSignal) => Promise<ServedAnswer>
  /** Ends what it holds. */
  close?: () => Promise<void>
}
