import { allLeaves, demandIdOf, type Node, tensorVerifierAbi } from '@assay/protocol'
import {
  buildDemand,
  type Demand,
  nodeTrees,
  type PursueParameters,
  type Pursuit,
  parseHashes,
  pursue,
} from '@assay/tensor'
import { encodeFunctionData, type Hash, type Hex, hexToBytes, isAddressEqual } from 'viem'

import type { DemandRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { isPlannable, planEffect } from '../daemon/planEffect.ts'
import { claimArguments, demandEndCall, pursuitCall } from './calls.ts'
import { planProof } from './planProof.ts'
import type { AnsweredJob, Case, VerifierTerms, WatcherContext } from './watcher.ts'

export type PlanPursuitParameters = {
  record: AnsweredJob
  found: Case
  head: SeenHead
  terms: VerifierTerms
}

/** Times that a demand is tried: a parent's supply may have to be mined first. */
const maxAttempts = 3

/** Takes a refutation further whose operator does not show its trace: demand, wait, demand deeper, prove. */
export function planPursuit(context: WatcherContext, parameters: PlanPursuitParameters) {
  const { record, found, head } = parameters
  const { pursuit, demand, existing } = follow(context, parameters)
  if (pursuit.kind === 'element' || pursuit.kind === 'output') {
    const call = pursuitCall(context, record, pursuit)
    planProof(context, found, `${found.claimId}:pursue`, call)
  }
  if (demand === undefined) return
  if (existing === undefined) planDemand(context, parameters, demand)
  else if (existing.status === 'open' && existing.supplyUntil <= head.timestamp) {
    planDemandEnd(context, record, existing, 'timeout')
  }
}

type Step = { pursuit: Pursuit; demand?: Demand; existing?: DemandRecord | undefined }

/** Follows what demands have brought to light, whoever made them, to the first that is not supplied. */
function follow(context: WatcherContext, parameters: PlanPursuitParameters): Step {
  const { book, clock, deployment } = context
  const { record, found, head } = parameters
  const { claim, claimId, challengeUntil } = record.answer
  const { program } = found.model
  const isFollowUp = nextTimestamp(head, clock) >= challengeUntil
  let known: Pick<PursueParameters, 'tensorRoots' | 'leafHashes' | 'row'> = {}
  for (;;) {
    const pursuit = pursue({ program, honest: found.honest, claim, ...known })
    if (pursuit.kind !== 'demand') return { pursuit }
    const { node } = pursuit
    const mayFollow = isFollowUp && node.tree !== nodeTrees.trace
    const demand = buildDemand({ program, claim, node, ...known, isFollowUp: mayFollow })
    const id = demandIdOf({ source: deployment.market, claimId, node, hash: demand.hash })
    const existing = book.demands.get(id)
    if (existing?.data === undefined) return { pursuit, demand, existing }
    known = { ...known, ...learn(node, existing.data) }
  }
}

function learn({ tree, leaf }: Node, data: Hex) {
  if (tree === nodeTrees.trace) return { tensorRoots: parseHashes(data) }
  return leaf === allLeaves ? { leafHashes: parseHashes(data) } : { row: hexToBytes(data) }
}

/** Plans a demand, as far as the budget for bonds goes. */
function planDemand(
  context: WatcherContext,
  { record, found, terms }: PlanPursuitParameters,
  { node, hash, proof }: Demand,
) {
  const { deployment, journal, observe, watcherPolicy } = context
  const { claimId } = found
  const key = `${claimId}:demand:${node.tree}:${node.index}:${node.leaf}`
  if (!isPlannable(journal.intents.find(key), maxAttempts)) return
  const needed = bonded(context, terms) + terms.demandBond
  const isOver = needed > watcherPolicy.demandBudget
  if (isOver && !found.isOverBudget) observe({ type: 'overBudget', claimId, needed })
  found.isOverBudget = isOver
  if (isOver) return
  const args = [...claimArguments(context, record), node, hash, proof] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'demand', args })
  const to = deployment.tensorVerifier
  planEffect(context, { key, kind: 'demand', to, data, subjects: [key] }, maxAttempts)
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
