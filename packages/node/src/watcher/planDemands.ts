import { tensorVerifierAbi } from '@assay/protocol'
import type { Demand } from '@assay/tensor'
import { encodeFunctionData, type Hash, isAddressEqual } from 'viem'

import type { DemandRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { isPlannable, planEffect } from '../daemon/planEffect.ts'
import { claimArguments, demandEndCall } from './calls.ts'
import type { AnsweredJob, VerifierTerms, WatcherContext } from './watcher.ts'

export type PlanDemandParameters = {
  record: AnsweredJob
  demand: Demand
  terms: VerifierTerms
}

/** Times that a demand is tried: a parent's supply may have to be mined first. */
const maxAttempts = 3

/** Plans a demand; returns false where the budget for bonds does not allow it. */
export function planDemand(
  context: WatcherContext,
  { record, demand, terms }: PlanDemandParameters,
): boolean {
  const { deployment, journal, watcherPolicy } = context
  const { node, hash, proof } = demand
  const key = `${record.answer.claimId}:demand:${node.tree}:${node.index}:${node.leaf}`
  if (!isPlannable(journal.intents.find(key), maxAttempts)) return true
  if (neededFor(context, terms) > watcherPolicy.demandBudget) return false
  const args = [...claimArguments(context, record), node, hash, proof] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'demand', args })
  const to = deployment.tensorVerifier
  planEffect(context, { key, kind: 'demand', to, data, subjects: [key] }, maxAttempts)
  return true
}

/** Says that a demand about a claim would bond more than the budget. */
export function tellOverBudget(context: WatcherContext, claimId: Hash, terms: VerifierTerms) {
  context.observe({ type: 'overBudget', claimId, needed: neededFor(context, terms) })
}

/** Tokens of ours that would be bonded with one more demand. */
function neededFor(context: WatcherContext, terms: VerifierTerms): bigint {
  return bonded(context, terms) + terms.demandBond
}

/** Tokens of ours that open demands hold, or are about to. */
function bonded({ account, book, journal }: WatcherContext, { demandBond }: VerifierTerms): bigint {
  const open = [...book.demands.values()].filter(
    ({ status, demander }) => status === 'open' && isAddressEqual(demander, account.address),
  )
  const unmined = [...journal.intents.planned(), ...journal.intents.live()].filter(
    ({ kind, state }) => kind === 'demand' && state !== 'mined',
  )
  return BigInt(open.length + unmined.length) * demandBond
}

/** Plans to end a demand whose clock has run out. */
export function planTimeout(
  context: WatcherContext,
  record: AnsweredJob,
  demand: DemandRecord,
  head: SeenHead,
) {
  if (demand.status !== 'open' || demand.supplyUntil > head.timestamp) return
  planDemandEnd(context, record, demand, 'timeout')
}

/** Plans to take back the bonds of demands whose claims were refuted in another way. */
export function planReclaims(context: WatcherContext) {
  const { account, book } = context
  for (const demand of book.demands.values()) {
    const record = book.jobs.get(demand.jobId)
    if (demand.status !== 'open' || record?.end !== 'refuted') continue
    if (!isAddressEqual(demand.demander, account.address)) continue
    planDemandEnd(context, record as AnsweredJob, demand, 'reclaim')
  }
}

function planDemandEnd(
  context: WatcherContext,
  record: AnsweredJob,
  demand: DemandRecord,
  kind: 'timeout' | 'reclaim',
) {
  const subjects: Hash[] = [demand.id]
  const data = demandEndCall(context, record, demand, kind)
  const to = context.deployment.tensorVerifier
  planEffect(context, { key: `${demand.id}:${kind}`, kind, to, data, subjects }, maxAttempts)
}
