import type { ReceiptDocument } from '@assay/protocol/http'
import type { Hash } from 'viem'

import type { AskedRequest } from '../http/readRequest.ts'
import type { ServerEvent } from '../stream/createScanner.ts'
import type { AttemptError } from './failure.ts'
import type { Rated } from './rank.ts'

/** A request on its way, with what the gateway added. */
export type RoutedRequest = AskedRequest & {
  /** Names it to operators: the same again is paid once. */
  id: Hash
  /** Salts what its receipt commits to. */
  secret: Hash
  /** Name of the client's key. */
  key: string
  privacy: string | undefined
  /** Aborts when nobody waits for the answer any more. */
  signal: AbortSignal
  /** Whether it may come again under the same name, so that what is noted of it has to last before it is sent. */
  isNamed: boolean
  /** Who was asked the same before the gateway restarted, and may have answered. */
  asked: readonly string[]
}

/** Milliseconds that each step of an answer may take. */
export type Budgets = {
  /** Until the first content of a stream. */
  firstTokenMs: number
  /** Between two chunks of a stream. */
  betweenTokensMs: number
  /** Until the end of an answer that is not a stream. */
  bodyMs: number
  /** For a request with all its attempts, until its answer begins. */
  totalMs: number
}

type Common = {
  rated: Rated
  /** Model that the upstream says it is; undefined where it says nothing. */
  served: string | undefined
  /** Milliseconds until the first content. */
  elapsedMs: number
}

export type BodyAnswer = Common & {
  kind: 'body'
  bytes: Uint8Array
  contentType: string
  /** Absent without a receipt. */
  document: ReceiptDocument | undefined
}

export type StreamAnswer = Common & {
  kind: 'stream'
  /** Events so far, the first content among them. */
  head: readonly ServerEvent[]
  /** Further chunks; throws `AttemptError`. */
  next: () => Promise<readonly ServerEvent[] | undefined>
  /**
   * Checks the receipt against what it came with, and pays. `document` is the value of the receipt's field, `contents`
   * the data of the events before it. Throws `AttemptError`.
   */
  settle: (document: unknown, contents: readonly Uint8Array[]) => Promise<ReceiptDocument>
  /** Ends an answer without a receipt, of which `last` was the data of the last event, and `events` their number. */
  finish: (last: Uint8Array | undefined, events: number) => void
  /** Ends an answer that failed, or that nobody waits for: nothing is due. */
  fail: (error: AttemptError) => void
  /** Whether a receipt has to come. */
  needsReceipt: boolean
}

/** An answer that began well. */
export type Answer = BodyAnswer | StreamAnswer
