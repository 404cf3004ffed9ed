import { demandIdOf } from '@assay/protocol'
import {
  buildDemand,
  type Demand,
  nodeTrees,
  type Pursuit,
  parseSupply,
  pursue,
  type Supplied,
} from '@assay/tensor'
import type { DemandRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { pursuitCall } from './calls.ts'
import { planDemand, planTimeout, tellOverBudget } from './planDemands.ts'
import { planProof } from './planProof.ts'
import type { AnsweredJob, Case, VerifierTerms, WatcherContext } from './watcher.ts'

export type PlanPursuitParameters = {
  record: AnsweredJob
  found: Case
  head: SeenHead
  terms: VerifierTerms
}

/** Takes a refutation further whose operator does not show its trace: demand, wait, demand deeper, prove. */
export function planPursuit(context: WatcherContext, parameters: PlanPursuitParameters) {
  const { record, found, head, terms } = parameters
  const { pursuit, demand, existing } = follow(context, parameters)
  if (pursuit.kind === 'element' || pursuit.kind === 'output') {
    const call = pursuitCall(context, record, pursuit)
    planProof(context, found, `${found.claimId}:pursue`, call)
  }
  if (demand === undefined) return
  if (existing !== undefined) planTimeout(context, record, existing, head)
  else {
    const isPlanned = planDemand(context, { record, demand, terms })
    if (!isPlanned && !found.isOverBudget) tellOverBudget(context, found.claimId, terms)
    found.isOverBudget = !isPlanned
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
  let known: Supplied = {}
  for (;;) {
    const pursuit = pursue({ program, honest: found.honest, claim, ...known })
    if (pursuit.kind !== 'demand') return { pursuit }
    const { node } = pursuit
    const mayFollow = isFollowUp && node.tree !== nodeTrees.trace
    const demand = buildDemand({ program, claim, node, ...known, isFollowUp: mayFollow })
    const id = demandIdOf({ source: deployment.market, claimId, node, hash: demand.hash })
    const existing = book.demands.get(id)
    if (existing?.data === undefined) return { pursuit, demand, existing }
    known = { ...known, ...parseSupply(node, existing.data) }
  }
}
