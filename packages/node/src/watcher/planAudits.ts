import { auditsAbi, encodeContext } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hex, isAddressEqual } from 'viem'

import { type AuditRecord, isEnded } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { subjectOf } from '../daemon/subjectOf.ts'
import type { IntentKind } from '../journal/intent.ts'
import { type AuditingPolicy, liabilityOf } from './auditing.ts'
import type { AuditorContext } from './createAuditor.ts'
import { isOpenable, isSettleable } from './stageOfAudit.ts'
import type { AnsweredJob } from './watcher.ts'

/** Times that an effect is tried: a reorganisation may take back what it built on. */
const maxAttempts = 3

/** Takes every audit a step further: open what was found right, confirm what is drawn, settle what is decided. */
export function planAudits(context: AuditorContext, head: SeenHead) {
  for (const audit of context.book.audits.values()) {
    if (audit.status === 'ordered') planOpening(context, audit, head)
    if (audit.status === 'opened') planConfirmation(context, audit, head)
    if (!isEnded(audit)) planSettlement(context, audit, head)
  }
}

function planOpening(context: AuditorContext, audit: AuditRecord, head: SeenHead) {
  const { auditing, clock } = context
  const record = auditable(context, audit)
  if (record === undefined) return
  if (!isOpenable({ audit, record, head, terms: auditing.terms, clock })) return
  const args = [audit.order, encodeContext(record.answer)] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'open', args })
  planCall(context, audit, { kind: 'openAudit', key: `open:${record.answer.claimId}`, data })
}

function planConfirmation(context: AuditorContext, audit: AuditRecord, head: SeenHead) {
  const { auditing, clock } = context
  const record = auditable(context, audit)
  const draw = auditing.state.draws.get(audit.id)
  const next = nextTimestamp(head, clock)
  if (record === undefined || draw === undefined || !draw.isDrawn) return
  if (draw.opensAt > next || next >= audit.opening!.confirmUntil) return
  const args = [audit.order, auditing.policy.auditor, encodeContext(record.answer)] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'confirm', args })
  planCall(context, audit, { kind: 'confirmAudit', key: `confirm:${record.answer.claimId}`, data })
}

type AuditCall = { kind: IntentKind; key: string; data: Hex }

function planCall(context: AuditorContext, { id }: AuditRecord, { kind, key, data }: AuditCall) {
  // About another answer, which a reorganisation took back, something may still be on its way.
  if (context.journal.intents.isTaken(kind, id)) return
  const to = context.deployment.audits
  planEffect(context, { key: `${id}:${key}`, kind, to, data, subjects: [id] }, maxAttempts)
}

/** Returns the job of an audit that is worth it, if its answer was found right and is not the auditor's own. */
function auditable(context: AuditorContext, audit: AuditRecord): AnsweredJob | undefined {
  const { auditing, book, isRight } = context
  const { auditor, minReward } = auditing.policy
  const record = book.jobs.get(audit.order.jobId)
  if (record?.answer === undefined || record.end !== undefined) return undefined
  if (isAddressEqual(record.answer.operator, auditor) || !isRight(record.answer.claimId)) {
    return undefined
  }
  const isWorthIt = audit.order.reward >= minReward && mayBeLiable(context, audit)
  return isWorthIt ? (record as AnsweredJob) : undefined
}

/** Whether the auditor has stake for one more confirmation, those on their way included. */
function mayBeLiable(context: AuditorContext, audit: AuditRecord): boolean {
  const { isEligible, stakes } = context.auditing.state
  const { model } = audit.order
  const stake = stakes.get(model)
  if (!isEligible || stake === undefined) return false
  const unmined = unminedLiabilities(context, audit)
  return stake.active >= stake.reserved + unmined + liabilityOf(context.auditing.terms, audit)
}

function unminedLiabilities({ auditing, book, journal }: AuditorContext, except: AuditRecord) {
  return (
    [...journal.intents.planned(), ...journal.intents.live()]
      .filter(({ kind }) => kind === 'confirmAudit')
      .map((intent) => book.audits.get(subjectOf(intent)))
      .filter((audit) => audit !== undefined)
      .filter(({ id, order }) => id !== except.id && order.model === except.order.model)
      // What the newest block holds is reserved already.
      .filter(({ status }) => status === 'opened')
      .reduce((sum, audit) => sum + liabilityOf(auditing.terms, audit), 0n)
  )
}

function planSettlement(context: AuditorContext, audit: AuditRecord, head: SeenHead) {
  const { auditing, book } = context
  if (!isOurs(audit, { account: context.account.address, policy: auditing.policy })) return
  const record = book.jobs.get(audit.order.jobId)
  const draw = auditing.state.draws.get(audit.id)
  if (!isSettleable({ audit, record, draw, head, terms: auditing.terms })) return
  const args = [audit.order] as const
  const data = encodeFunctionData({ abi: auditsAbi, functionName: 'settle', args })
  planCall(context, audit, { kind: 'settleAudit', key: 'settle', data })
}

export type IsOursParameters = {
  /** Account that sends. */
  account: Address
  policy: AuditingPolicy
}

/** Whether it is the auditor's business to end an audit. */
export function isOurs(audit: AuditRecord, { account, policy }: IsOursParameters): boolean {
  if (policy.settles === 'all' || isAddressEqual(audit.order.orderer, account)) return true
  return audit.auditor !== undefined && isAddressEqual(audit.auditor, policy.auditor)
}
