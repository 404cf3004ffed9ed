import type { Hash, LocalAccount, PublicClient } from 'viem'

import type { Intent } from '../journal/intent.ts'
import type { Intents } from '../journal/openJournal.ts'
import type { Clock } from '../support/clock.ts'
import type { FeeLimits } from './fees.ts'
import type { Revert } from './revert.ts'

/** The newest block, as far as sending needs it. */
export type Head = {
  number: bigint
  hash: Hash
  timestamp: bigint
  baseFeePerGas: bigint
}

/** Whether an intent's transaction should (still) be sent. */
export type Review =
  | { verdict: 'send' }
  /** Not yet; asked again with the next block. */
  | { verdict: 'wait' }
  /** Never; its nonce, if it has one, is spent on nothing. */
  | { verdict: 'abandon'; reason: string }

/** What to do about an intent whose transaction the chain refused. */
export type AfterRevert = 'retry' | 'abandon'

/** Something that the writer did. Told synchronously, between the write that precedes it and the one that follows. */
export type WriterEvent =
  /** The raw transaction is stored; nobody has it yet. */
  | { type: 'signed'; intent: Intent; hash: Hash }
  /** A node was handed the transaction; the journal does not know yet. */
  | { type: 'broadcast'; intent: Intent; hash: Hash }
  | { type: 'sent'; intent: Intent; hash: Hash }
  /** Whether a node has the transaction is not known. */
  | { type: 'uncertain'; intent: Intent; hash: Hash; error: unknown }
  | { type: 'bumped'; intent: Intent; hash: Hash }
  /** A higher fee would pass the limit. */
  | { type: 'capped'; intent: Intent }
  | { type: 'mined'; intent: Intent; hash: Hash }
  | { type: 'reorganised'; intent: Intent }
  | { type: 'final'; intent: Intent; gasUsed: bigint }
  | { type: 'reverted'; intent: Intent; revert: Revert; next: AfterRevert }
  | { type: 'dropped'; intent: Intent }
  | { type: 'abandoned'; intent: Intent; reason: string }

export type WriterPolicy = {
  chainId: number
  fees: FeeLimits
  /** Blocks on top of and including a transaction's own that make it final. */
  confirmations: number
  /** Milliseconds after which a stored transaction is handed to the nodes again. */
  rebroadcastAfterMs: number
  /** Milliseconds after which the next transaction in line is replaced by one with higher fees. */
  bumpAfterMs: number
  /** Nonces that may be open at a time. */
  maxInFlight: number
}

export type WriterDependencies = {
  client: PublicClient
  /** The one account that this writer alone sends from. */
  account: LocalAccount
  intents: Intents
  clock: Clock
  policy: WriterPolicy
  review: (intent: Intent) => Review | Promise<Review>
  afterRevert: (intent: Intent, revert: Revert) => AfterRevert
  observe: (event: WriterEvent) => void
}

/** What the parts of a writer share. */
export type WriterContext = WriterDependencies & {
  /** When each transaction was last handed to a node, by hash, in elapsed milliseconds. */
  broadcasts: Map<Hash, number>
}
