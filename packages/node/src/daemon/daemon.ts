import type { Deployment } from '@assay/protocol'
import type { LocalAccount, PublicClient } from 'viem'

import type { Book } from '../book/createBook.ts'
import type { Header } from '../journal/createChainLog.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Clock } from '../support/clock.ts'
import type { WriterEvent, WriterPolicy } from '../transactions/writer.ts'
import type { SeenHead } from './blockClock.ts'

/** How a daemon deals with its chain. */
export type ChainPolicy = Omit<WriterPolicy, 'chainId'> & {
  /** Milliseconds between looks at the chain. */
  pollMs: number
  /** Newest blocks that may still be reorganised. */
  reorgDepth: number
  /** Blocks of history read at a time. */
  logChunk: number
  /** Milliseconds that results, traces and closed intents are kept. */
  retainMs: number
  /** Milliseconds that a stop waits for what is under way. */
  drainMs: number
}

/** Something that a daemon did or saw, in the order in which it happened. */
export type DaemonEvent =
  | WriterEvent
  /** There is a new newest block; its events are not read yet. */
  | { type: 'head'; header: Header }
  | { type: 'block'; header: Header; events: number }
  /** A reorganisation took blocks back; `header` is the newest that is left. */
  | { type: 'rewound'; header: Header }
  | { type: 'nodeFailed'; error: unknown; failures: number }
  | { type: 'draining' }

export type DaemonDependencies = {
  client: PublicClient
  /** Key that sends. */
  account: LocalAccount
  journal: Journal
  book: Book
  clock: Clock
  deployment: Deployment
  policy: ChainPolicy
  observe: (event: DaemonEvent) => void
  /** Calls back with every new block where a node can tell; returns what ends that. Looking goes on all the same. */
  subscribe?: ((onBlock: () => void) => () => void) | undefined
}

export type DaemonStatus = {
  head: SeenHead | undefined
  /** Newest block whose events are taken in. */
  cursor: Header | undefined
  /** Failed looks at the chain in a row. */
  failures: number
  isDraining: boolean
}
