import { BaseError as ViemError } from 'viem'

import type { EntryPlace } from '../book/ledger.ts'
import { type AuditRecord, isEnded, type JobRecord } from '../book/records.ts'
import { createFollower, type Follower } from '../chain/createFollower.ts'
import { NodesDisagreeError } from '../chain/errors.ts'
import { createWaker, type Waker } from '../support/createWaker.ts'
import {
  createTransactionWriter,
  type TransactionWriter,
} from '../transactions/createTransactionWriter.ts'
import { intervalOf, type SeenHead } from './blockClock.ts'
import type { DaemonDependencies, DaemonStatus } from './daemon.ts'
import type { Role, RoleContext } from './role.ts'

export type Daemon = {
  /** Works until `signal` aborts, then finishes what it began. Rejects only with errors that repeating cannot mend. */
  run: (signal: AbortSignal) => Promise<void>
  status: () => DaemonStatus
}

/** What changes while a daemon works. */
type State = { head: SeenHead | undefined; failures: number; isDraining: boolean }

/** What the parts of a daemon share. */
type Loop = {
  dependencies: DaemonDependencies
  role: Role
  state: State
  follower: Follower
  writer: TransactionWriter
  waker: Waker
}

/** Creates the loop that every daemon here is: follow the chain, plan, send, wait. */
export function createDaemon(
  dependencies: DaemonDependencies,
  createRole: (context: RoleContext) => Role,
): Daemon {
  const { clock, journal, subscribe } = dependencies
  const state: State = { head: undefined, failures: 0, isDraining: false }
  const waker = createWaker(clock)
  const role = createRole({
    ...dependencies,
    wake: waker.wake,
    isDraining: () => state.isDraining,
  })
  const follower = createBookFollower(dependencies, role)
  const writer = createRoleWriter(dependencies, role, state)
  const loop: Loop = { dependencies, role, state, follower, writer, waker }
  return {
    async run(signal) {
      signal.addEventListener('abort', waker.wake, { once: true })
      const unsubscribe = subscribe?.(waker.wake)
      try {
        await work(loop, signal)
        await drain(loop)
      } finally {
        unsubscribe?.()
        role.stop()
      }
    },
    status: () => ({ ...state, cursor: journal.chain.cursor() }),
  }
}

async function work(loop: Loop, signal: AbortSignal) {
  while (!signal.aborted) {
    await stepSafely(loop, signal)
    if (!signal.aborted) await loop.waker.sleep(pauseMs(loop))
  }
}

/** Begins nothing new, and waits for what is under way. */
async function drain(loop: Loop) {
  const { dependencies, role, state, waker } = loop
  const { clock, observe, policy } = dependencies
  state.isDraining = true
  if (state.head === undefined) return
  observe({ type: 'draining' })
  const end = clock.elapsed() + policy.drainMs
  const { signal } = new AbortController()
  while (!role.isIdle() && clock.elapsed() < end) {
    await stepSafely(loop, signal)
    await waker.sleep(pauseMs(loop))
  }
}

/** A node that fails is asked less and less often, up to once in 16 polls. */
function pauseMs({ dependencies, state }: Loop) {
  return dependencies.policy.pollMs * Math.min(2 ** state.failures, 16)
}

async function stepSafely(loop: Loop, signal: AbortSignal) {
  const { dependencies, state } = loop
  try {
    await step(loop, signal)
    state.failures = 0
  } catch (error) {
    if (!isRetryable(error)) throw error
    state.failures++
    dependencies.observe({ type: 'nodeFailed', error, failures: state.failures })
  }
}

/** Errors of nodes are; errors of ours, and of the disk, are not. */
function isRetryable(error: unknown) {
  return error instanceof ViemError || error instanceof NodesDisagreeError
}

async function step({ dependencies, role, state, follower, writer }: Loop, signal: AbortSignal) {
  const { clock, journal } = dependencies
  const { isReached, ...latest } = await follower.step(signal)
  if (!isReached) return
  if (state.head?.hash !== latest.hash) {
    const interval = intervalOf(journal.chain.headers())
    state.head = { ...latest, seenAt: clock.elapsed(), interval }
    prune(dependencies, role, state.head)
  }
  await role.plan(state.head)
  await writer.tick(state.head)
}

function createBookFollower(dependencies: DaemonDependencies, role: Role): Follower {
  const { client, journal, deployment, book, policy, observe } = dependencies
  book.rebuild(journal.chain.entries())
  return createFollower({
    client,
    chain: journal.chain,
    addresses: [
      deployment.market,
      deployment.staking,
      deployment.tensorVerifier,
      deployment.audits,
      deployment.ledger,
    ],
    startBlock: BigInt(deployment.startBlock),
    depth: policy.reorgDepth,
    chunk: policy.logChunk,
    accept: book.apply,
    onHead: (header) => observe({ type: 'head', header }),
    onBlock: (header, { length }) => observe({ type: 'block', header, events: length }),
    onRewind(header) {
      book.rebuild(journal.chain.entries())
      role.onRewind()
      observe({ type: 'rewound', header })
    },
  })
}

function createRoleWriter(dependencies: DaemonDependencies, role: Role, state: State) {
  const { deployment, journal, policy } = dependencies
  return createTransactionWriter({
    ...dependencies,
    intents: journal.intents,
    // The writer works only for a head.
    review: (intent) => role.review(intent, state.head!),
    afterRevert: role.afterRevert,
    policy: { ...policy, chainId: deployment.chainId },
  })
}

/** Forgets jobs that are over, in a block that is too old to be reorganised, and what was kept for long enough. */
function prune({ book, journal, policy }: DaemonDependencies, role: Role, head: SeenHead) {
  const newest = head.number - BigInt(policy.reorgDepth)
  const isPast = (record: JobRecord) => record.changedBlock < newest && role.isOver(record, head)
  for (const record of [...book.jobs.values()].filter(isPast)) {
    const audits = [...book.audits.values()].filter(({ order }) => order.jobId === record.id)
    journal.atomically(() => {
      for (const { entries } of [record, ...audits]) {
        for (const entry of entries) journal.chain.forget(entry)
      }
    })
    book.forget(record.id)
  }
  pruneStrayAudits({ book, journal }, newest)
  forgetAll(journal, book.forgetSettled(newest, head.timestamp - BigInt(policy.retainMs) / 1_000n))
  if (head.number % pruneEveryBlocks === 0n) journal.prune(policy.retainMs)
}

function forgetAll({ atomically, chain }: DaemonDependencies['journal'], places: EntryPlace[]) {
  if (places.length === 0) return
  atomically(() => {
    for (const place of places) chain.forget(place)
  })
}

/** Forgets audits that are over and whose jobs were never requested. */
function pruneStrayAudits(
  { book, journal }: Pick<DaemonDependencies, 'book' | 'journal'>,
  newest: bigint,
) {
  const isStray = (audit: AuditRecord) =>
    isEnded(audit) && audit.changedBlock < newest && !book.jobs.has(audit.order.jobId)
  for (const { id, entries } of [...book.audits.values()].filter(isStray)) {
    journal.atomically(() => {
      for (const entry of entries) journal.chain.forget(entry)
    })
    book.audits.delete(id)
  }
}

const pruneEveryBlocks = 100n
