import { operatorStakingAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash, isAddressEqual } from 'viem'

import { isEnded, type JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import type { Intent } from '../journal/intent.ts'
import type { Review } from '../transactions/writer.ts'
import type { AuditingPolicy, AuditState, AuditTerms } from './auditing.ts'
import { type AuditReader, createAuditReader } from './createAuditReader.ts'
import { isOwed, planAuditRewards } from './planAuditRewards.ts'
import { isOurs, planAudits } from './planAudits.ts'
import { planGuards } from './planGuards.ts'
import { reviewAudit } from './reviewAudit.ts'
import type { WatcherContext } from './watcher.ts'

/** What the parts of an auditor share. */
export type AuditorContext = WatcherContext & {
  auditing: { policy: AuditingPolicy; terms: AuditTerms; state: AuditState }
  /** Whether re-execution found an answer right. */
  isRight: (claimId: Hash) => boolean
}

/** What a watcher does for audits. */
export type Auditor = {
  plan: (head: SeenHead) => Promise<void>
  review: (intent: Intent, head: SeenHead) => Review
  /** Whether an audit of the job is the auditor's to end, or its reward still to be taken. */
  isAwaited: (record: JobRecord) => boolean
}

export type CreateAuditorParameters = Pick<AuditorContext, 'isRight'> & { policy: AuditingPolicy }

/** Creates what confirms answers that the watcher found right, when the draw names its account, and is paid for it. */
export function createAuditor(
  watcher: WatcherContext,
  { policy, isRight }: CreateAuditorParameters,
): Auditor {
  const reader = createAuditReader(watcher)
  const state: AuditState = {
    ...{ at: undefined, isEligible: true },
    ...{ stakes: new Map(), draws: new Map() },
  }
  const ours = { account: watcher.account.address, policy }
  let context: AuditorContext | undefined
  async function start(): Promise<AuditorContext> {
    const terms = await reader.terms()
    return { ...watcher, isRight, auditing: { policy, terms, state } }
  }

  return {
    async plan(head) {
      context ??= await start()
      await refresh(context, reader, head)
      report(context)
      if (watcher.isDraining()) return
      planActivations(context, head)
      planAudits(context, head)
      await planGuards(context, head)
      await planAuditRewards(context, reader, head)
    },
    // Nothing is reviewed before something was planned, unless by an earlier process.
    review: (intent, head) =>
      context === undefined ? { verdict: 'wait' } : reviewAudit(context, intent, head),
    isAwaited: ({ id }) =>
      [...watcher.book.audits.values()].some(
        (audit) =>
          audit.order.jobId === id &&
          (isEnded(audit) ? isOwed(watcher, audit) : isOurs(audit, ours)),
      ),
  }
}

/** Reads what plans are made from, at a block that is new. */
async function refresh(context: AuditorContext, reader: AuditReader, head: SeenHead) {
  const { account, auditing, book, models, observe } = context
  const { policy, state } = auditing
  if (state.at === head.hash) return
  const { auditor } = policy
  const blockNumber = head.number
  const wasEligible = state.isEligible
  state.isEligible = await reader.mayActFor(auditor, account.address, blockNumber)
  if (wasEligible && !state.isEligible) observe({ type: 'ineligible', auditor })
  const stakes = models.map(async ({ modelVersion: model }) => {
    state.stakes.set(model, await reader.stakeOf({ model, auditor, blockNumber }))
  })
  const opened = [...book.audits.values()].filter(
    ({ opening, status }) => status === 'opened' && opening!.seedBlock < blockNumber,
  )
  state.draws.clear()
  const draws = opened.map(async ({ id, order }) => {
    const draw = await reader.drawOf({ order, auditor, blockNumber })
    if (draw !== undefined) state.draws.set(id, draw)
  })
  await Promise.all([...stakes, ...draws])
  state.at = head.hash
}

/** Notes under which it is kept what was told of an audit. */
const drawnTopic = 'drawn'
const auditedTopic = 'audited'

/** Tells once of every audit that it is drawn, and how it ended. */
function report({ auditing, book, journal, observe }: AuditorContext) {
  const { policy, state } = auditing
  for (const audit of book.audits.values()) {
    const { id, auditor, opening, order, status } = audit
    const draw = state.draws.get(id)
    const isReachable = draw?.isDrawn === true && draw.opensAt < opening!.confirmUntil
    if (isReachable && journal.notes.get(drawnTopic, id) === undefined) {
      journal.notes.put(drawnTopic, id, draw.opensAt.toString())
      observe({ type: 'drawn', auditId: id, jobId: order.jobId, opensAt: draw.opensAt })
    }
    if (!isEnded(audit) || auditor === undefined) continue
    if (!isAddressEqual(auditor, policy.auditor)) continue
    if (journal.notes.get(auditedTopic, id) !== undefined) continue
    journal.notes.put(auditedTopic, id, status)
    observe({ type: 'audited', auditId: id, jobId: order.jobId, outcome: status })
  }
}

/** Plans to activate stake whose delay is over. */
function planActivations(context: AuditorContext, head: SeenHead) {
  const { auditing, deployment } = context
  const { auditor } = auditing.policy
  for (const [model, { pending, activeAt }] of auditing.state.stakes) {
    if (pending === 0n || activeAt > head.timestamp) continue
    const args = [deployment.audits, model, auditor] as const
    planEffect(context, {
      key: `${model}:activate:${activeAt}`,
      kind: 'activate',
      to: deployment.staking,
      data: encodeFunctionData({ abi: operatorStakingAbi, functionName: 'activate', args }),
      subjects: [],
    })
  }
}
