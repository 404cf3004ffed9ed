import { BaseError as ViemError } from 'viem'

import type { Book } from '../book/createBook.ts'
import type { JobRecord } from '../book/records.ts'
import { createFollower, type Follower } from '../chain/createFollower.ts'
import { NodesDisagreeError } from '../chain/errors.ts'
import type { Header } from '../journal/createChainLog.ts'
import type { Intent } from '../journal/intent.ts'
import { createWaker } from '../support/createWaker.ts'
import { createTransactionWriter } from '../transactions/createTransactionWriter.ts'
import type { Revert } from '../transactions/revert.ts'
import type { AfterRevert, Review } from '../transactions/writer.ts'
import { intervalOf, type SeenHead } from './blockClock.ts'
import type { DaemonDependencies, DaemonStatus } from './daemon.ts'

/** What a daemon is for: what it wants of the chain. */
export type Role = {
  /** Plans effects. Called with every new block once history is read, and whenever the role asked to be woken. */
  plan: (head: SeenHead) => Promise<void>
  /** Whether a planned or pending effect is still wanted. */
  review: (intent: Intent, head: SeenHead) => Review
  afterRevert: (intent: Intent, revert: Revert) => AfterRevert
  /** Whether a job's story is over for this role; it is forgotten once that cannot be reorganised. */
  isOver: (record: JobRecord, head: SeenHead) => boolean
  /** Whether nothing is under way that a stop would harm. */
  isIdle: () => boolean
  /** Called when a reorganisation took back what plans were made from. */
  onRewind: () => void
  /** Called before the daemon ends. */
  stop: () => void
}

/** What a role gets from its daemon. */
export type RoleContext = DaemonDependencies & {
  /** Has `plan` called soon. */
  wake: () => void
  /** Whether the daemon is draining: nothing new should be begun. */
  isDraining: () => boolean
}

export type Daemon = {
  /** Works until `signal` aborts, then finishes what it began. Rejects only with errors that repeating cannot mend. */
  run: (signal: AbortSignal) => Promise<void>
  status: () => DaemonStatus
}

/** Creates the loop that every daemon here is: follow the chain, plan, send, wait. */
export function createDaemon(
  dependencies: DaemonDependencies,
  createRole: (context: RoleContext) => Role,
): Daemon {
  const { clock, journal, policy, observe } = dependencies
  const waker = createWaker(clock)
  let isDraining = false
  let head: SeenHead | undefined
  let failures = 0

  const role = createRole({ ...dependencies, wake: waker.wake, isDraining: () => isDraining })
  const follower = createBookFollower(dependencies, role)
  const writer = createTransactionWriter({
    ...dependencies,
    intents: journal.intents,
    review: (intent) => role.review(intent, head!),
    afterRevert: role.afterRevert,
    observe,
    policy: { ...policy, chainId: dependencies.deployment.chainId },
  })

  async function step() {
    const latest = await follower.step()
    if (head?.hash !== latest.hash) {
      const interval = intervalOf(journal.chain.headers())
      head = { ...latest, seenAt: clock.elapsed(), interval }
      prune(dependencies, role, head)
    }
    await role.plan(head)
    await writer.tick(head)
    failures = 0
  }

  async function stepSafely() {
    try {
      await step()
    } catch (error) {
      if (!isRetryable(error)) throw error
      failures++
      observe({ type: 'nodeFailed', error, failures })
    }
  }

  /** A node that fails is asked less and less often, up to once in 16 polls. */
  function pauseMs() {
    return policy.pollMs * Math.min(2 ** failures, 16)
  }

  async function drain() {
    isDraining = true
    const end = clock.elapsed() + policy.drainMs
    observe({ type: 'draining' })
    while (!role.isIdle() && clock.elapsed() < end) {
      await stepSafely()
      await waker.sleep(pauseMs())
    }
  }

  return {
    async run(signal) {
      signal.addEventListener('abort', waker.wake, { once: true })
      while (!signal.aborted) {
        await stepSafely()
        if (!signal.aborted) await waker.sleep(pauseMs())
      }
      if (head !== undefined) await drain()
      role.stop()
    },
    status: () => ({ head, cursor: journal.chain.cursor(), failures, isDraining }),
  }
}

function createBookFollower(dependencies: DaemonDependencies, role: Role): Follower {
  const { client, journal, deployment, book, policy, observe } = dependencies
  book.rebuild(journal.chain.entries())
  return createFollower({
    client,
    chain: journal.chain,
    addresses: [deployment.market, deployment.staking, deployment.tensorVerifier],
    startBlock: BigInt(deployment.startBlock),
    depth: policy.reorgDepth,
    chunk: policy.logChunk,
    accept: book.apply,
    onHead: (header) => observe({ type: 'head', header }),
    onBlock: ({ header, entries }) => observe({ type: 'block', header, events: entries.length }),
    onRewind(header: Header | undefined) {
      book.rebuild(journal.chain.entries())
      role.onRewind()
      observe({ type: 'rewound', header })
    },
  })
}

/** Forgets jobs that are over, in a block that is too old to be reorganised. */
function prune({ book, journal, policy }: DaemonDependencies, role: Role, head: SeenHead) {
  const newest = head.number - BigInt(policy.reorgDepth)
  const isPast = (record: JobRecord) => record.changedBlock < newest && role.isOver(record, head)
  for (const record of [...book.jobs.values()].filter(isPast)) forget(book, journal, record)
}

function forget(book: Book, journal: DaemonDependencies['journal'], record: JobRecord) {
  journal.atomically(() => {
    for (const entry of record.entries) journal.chain.forget(entry)
  })
  book.forget(record.id)
}

/** Errors of nodes are; errors of ours, and of the disk, are not. */
function isRetryable(error: unknown) {
  return error instanceof ViemError || error instanceof NodesDisagreeError
}
