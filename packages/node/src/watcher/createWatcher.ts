import { tensorVerifierAbi } from '@assay/protocol'
import { type Hash, isAddressEqual } from 'viem'

import type { JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { createDaemon, type Daemon } from '../daemon/createDaemon.ts'
import { createRewardPlanner } from '../daemon/createRewardPlanner.ts'
import type { Role, RoleContext } from '../daemon/role.ts'
import type { Intent } from '../journal/intent.ts'
import type { Revert } from '../transactions/revert.ts'
import { checkAnswers, isFoundRight } from './checkAnswers.ts'
import { type Auditor, createAuditor } from './createAuditor.ts'
import { createInputFinder } from './createInputFinder.ts'
import { createTracer } from './createTracer.ts'
import { planReclaims } from './planDemands.ts'
import { planRefutations } from './planRefutations.ts'
import { reviewIntent } from './reviewIntent.ts'
import type { VerifierTerms, WatcherContext, WatcherDependencies } from './watcher.ts'

/**
 * Creates a watcher: it re-executes every answer of the models it knows and refutes those that are wrong, with the
 * operator's help or without.
 *
 * @example
 * const watcher = createWatcher(dependencies)
 * await watcher.run(signal)
 */
export function createWatcher(dependencies: WatcherDependencies): Daemon {
  return createDaemon(dependencies, (context) => createRole(dependencies, context))
}

function createRole(dependencies: WatcherDependencies, roleContext: RoleContext): Role {
  const { account, observe, watcherPolicy } = dependencies
  const context: WatcherContext = {
    ...{ ...dependencies, ...roleContext, observe, cases: new Map() },
    reader: watcherPolicy.auditing?.auditor ?? account.address,
  }
  const finder = createInputFinder(context)
  const tracer = createTracer(context)
  const rewards = createRewardPlanner(context, {
    to: context.account.address,
    cause: () => refutedBy(context).join(),
  })
  const auditor = createOwnAuditor(context)
  let terms: VerifierTerms | undefined

  return {
    async plan(head) {
      terms ??= await readTerms(dependencies)
      if (!context.isDraining()) checkAnswers(context, { head, finder, terms })
      planRefutations(context, { head, tracer, terms })
      planReclaims(context)
      await auditor?.plan(head)
      await rewards.plan(head)
    },
    review: (intent, head) => reviewIntent(context, { intent, head, auditor }),
    afterRevert: (intent, revert) => (isWorthAnother(intent, revert) ? 'retry' : 'abandon'),
    isOver: (record, head) => isOver(context, record, head) && !auditor?.isAwaited(record),
    isIdle: () => !finder.isBusy() && !tracer.isBusy() && !isExposed(context),
    onRewind: () => context.cases.clear(),
    stop() {
      finder.stop()
      tracer.stop()
    },
  }
}

function createOwnAuditor(context: WatcherContext): Auditor | undefined {
  const policy = context.watcherPolicy.auditing
  if (policy === undefined) return undefined
  return createAuditor(context, { policy, isRight: (claimId) => isFoundRight(context, claimId) })
}

async function readTerms({ client, deployment }: WatcherDependencies): Promise<VerifierTerms> {
  const verifier = { address: deployment.tensorVerifier, abi: tensorVerifierAbi } as const
  return {
    demandBond: await client.readContract({ ...verifier, functionName: 'DEMAND_BOND' }),
  }
}

/** Reverts that another block may mend. */
const transient = new Set([
  ...['SupplyWindowOpen', 'InsufficientBalance', 'NonceTaken'],
  ...['AuditSlotNotOpen', 'SeedNotReady', 'ConfirmationAwaited', 'JobUndecided'],
])

function isWorthAnother({ attempts }: Intent, { name }: Revert) {
  return transient.has(name) && attempts < 10
}

function isOver(context: WatcherContext, record: JobRecord, { timestamp }: SeenHead) {
  const { answer, end, openChallenges, finalAt } = record
  if (end === undefined) return answer !== undefined && openChallenges === 0 && finalAt <= timestamp
  return !holdsBond(context, record)
}

function holdsBond({ account, book }: WatcherContext, { id }: JobRecord) {
  return [...book.demands.values()].some(
    ({ jobId, status, demander }) =>
      jobId === id && status === 'open' && isAddressEqual(demander, account.address),
  )
}

/** Jobs whose answers the watcher refuted. */
function refutedBy({ account, book }: WatcherContext): Hash[] {
  return [...book.jobs.values()]
    .filter(({ refuter }) => refuter !== undefined && isAddressEqual(refuter, account.address))
    .map(({ id }) => id)
}

/** Whether a proof or a demand is written down that no node has yet. */
function isExposed({ journal }: WatcherContext) {
  return [...journal.intents.planned(), ...journal.intents.live()].some(
    ({ state }) => state === 'planned' || state === 'signed',
  )
}
