import { isAddressEqual } from 'viem'

import type { JobRecord } from '../book/records.ts'
import { createDaemon, type Daemon } from '../daemon/createDaemon.ts'
import { createRewardPlanner } from '../daemon/createRewardPlanner.ts'
import type { Role, RoleContext } from '../daemon/role.ts'
import type { Intent } from '../journal/intent.ts'
import { createSettler } from '../settling/createSettler.ts'
import type { Revert } from '../transactions/revert.ts'
import { createMarketReader } from './createMarketReader.ts'
import { createRunner } from './createRunner.ts'
import type { OperatorContext, OperatorDependencies } from './operator.ts'
import { planActivations } from './planActivations.ts'
import { planAnswers } from './planAnswers.ts'
import { isDeliverable, planDeliveries } from './planDeliveries.ts'
import { planSettlements } from './planSettlements.ts'
import { planSupplies } from './planSupplies.ts'
import { refresh } from './refresh.ts'
import { reviewIntent } from './reviewIntent.ts'

/**
 * Creates an operator: it computes every job worth its while as soon as it sees it, answers in the first block of its
 * slot, shows what is demanded of its claims, and fetches what it earned.
 *
 * @example
 * const operator = createOperator(dependencies)
 * await operator.run(signal)
 */
export function createOperator(dependencies: OperatorDependencies): Daemon {
  return createDaemon(dependencies, (context) => createRole(dependencies, context))
}

function createRole(dependencies: OperatorDependencies, roleContext: RoleContext): Role {
  const { observe } = dependencies
  const context: OperatorContext = {
    ...dependencies,
    ...roleContext,
    observe,
    reader: createMarketReader(dependencies),
    stakes: new Map(),
    stakesAt: { hash: undefined },
    seeds: new Map(),
    parameters: new Map(),
  }
  const runner = createRunner(context)
  const { batchPolicy } = dependencies
  const settler = batchPolicy && createSettler(context, batchPolicy)
  const tellSeen = createSeenTeller(context)
  const rewards = createRewardPlanner(context, {
    to: context.operator,
    cause: () => lastForfeit(context),
  })

  return {
    async plan(head) {
      tellSeen()
      await refresh(context, head)
      await runner.start(head)
      planAnswers(context, head)
      planSupplies(context, head)
      planSettlements(context, head)
      planDeliveries(context, head)
      planActivations(context, head)
      await settler?.plan(head)
      await rewards.plan(head)
    },
    review: (intent, head) => reviewIntent(context, intent, head),
    afterRevert: (intent, revert) => (isWorthAnother(intent, revert) ? 'retry' : 'abandon'),
    isOver: (record) => isOver(context, record),
    isIdle: () => !settler?.isBusy() && !runner.isBusy() && !isExposed(context),
    onRewind() {
      context.seeds.clear()
      runner.reset()
    },
    stop: runner.stop,
  }
}

/** How far the newest forfeit has come: a share of the seat's bond is its reward. */
function lastForfeit({ journal }: OperatorContext) {
  const last = journal.intents.last('forfeit')
  return `${last?.id} ${last?.state}`
}

const maxAttempts = 10

/** Reverts that another block may mend. */
const transient = new Set([
  'SlotNotOpen',
  'SeedNotReady',
  'SeatTaken',
  'InsufficientStake',
  'NonceTaken',
])

function isWorthAnother({ kind, attempts }: Intent, { name }: Revert) {
  if (kind === 'claim' || kind === 'collect' || kind === 'supply') return attempts < 3
  return transient.has(name) && attempts < maxAttempts
}

function isOver(context: OperatorContext, record: JobRecord) {
  const { answer, end } = record
  if (answer === undefined || !isAddressEqual(answer.operator, context.operator)) {
    return answer !== undefined || end !== undefined
  }
  return end !== undefined && !(end === 'settled' && isDeliverable(context, record))
}

/** Whether a stop now could cost something: an answer that nobody has, or a seat whose bond is at stake. */
function isExposed({ book, journal, operator }: OperatorContext) {
  const urgent = new Set(['answer', 'commit', 'reveal', 'supply', 'open'])
  const isUnheard = [...journal.intents.planned(), ...journal.intents.live()].some(
    ({ kind, state }) => urgent.has(kind) && state !== 'mined',
  )
  const holdsSeat = [...book.jobs.values()].some(({ seat }) => seat?.operator === operator)
  return isUnheard || holdsSeat
}

/** Tells of each job once, in the order of the chain. */
function createSeenTeller({ book, observe }: OperatorContext) {
  const told = new WeakSet<JobRecord>()
  return () => {
    for (const record of book.jobs.values()) {
      if (told.has(record) || record.answer !== undefined || record.end !== undefined) continue
      told.add(record)
      observe({ type: 'seen', id: record.id })
    }
  }
}
