import { allLeaves, demandIdOf, type Node } from '@assay/protocol'
import { buildDemand, type Demand, nodeTrees, parseHashes } from '@assay/tensor'
import { concatBytes, type Hash, hexToBytes, isAddressEqual } from 'viem'

import type { DemandRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { planDemand, planTimeout } from './planDemands.ts'
import type { AnsweredJob, VerifierTerms, WatchedModel, WatcherContext } from './watcher.ts'

export type PlanInputDemandsParameters = {
  record: AnsweredJob
  model: WatchedModel
  head: SeenHead
  terms: VerifierTerms
}

/** The hashes of an input's rows, or one of its rows. */
type Part = { demand: Demand; existing: DemandRecord | undefined }

/**
 * Takes a step towards an input that the operator does not show: demands the hashes of its rows, then every row. Returns
 * the input once all of it was supplied, and null where it cannot be had within the budget.
 */
export function planInputDemands(
  context: WatcherContext,
  parameters: PlanInputDemandsParameters,
): Uint8Array | null | undefined {
  const { record, model, head, terms } = parameters
  const [first, ...rows] = partsOf(context, parameters)
  const missing = [first!, ...rows].filter(({ existing }) => existing?.data === undefined)
  const count = model.program.operators[0]!.rows
  if (missing.length === 0 && rows.length === count) {
    return concatBytes(rows.map(({ existing }) => hexToBytes(existing!.data!)))
  }
  if (!isAffordable(context, parameters)) return null
  for (const { demand, existing } of missing) {
    if (existing !== undefined) planTimeout(context, record, existing, head)
    else planDemand(context, { record, demand, terms })
  }
  return undefined
}

function partsOf(context: WatcherContext, parameters: PlanInputDemandsParameters): Part[] {
  const { model } = parameters
  const first = partOf(context, parameters, allLeaves)
  const data = first.existing?.data
  if (data === undefined) return [first]
  const leafHashes = parseHashes(data)
  const { rows } = model.program.operators[0]!
  return [
    first,
    ...Array.from({ length: rows }, (_, row) => partOf(context, parameters, row, leafHashes)),
  ]
}

function partOf(
  { book, clock, deployment }: WatcherContext,
  { record, model, head }: PlanInputDemandsParameters,
  leaf: number,
  leafHashes?: readonly Hash[],
): Part {
  const { claim, claimId, challengeUntil } = record.answer
  const node: Node = { tree: nodeTrees.tensor, index: 0, leaf }
  // Once the window is over, only what follows a supplied list of rows may be demanded.
  const isFollowUp = leaf !== allLeaves && nextTimestamp(head, clock) >= challengeUntil
  const known = { ...(leafHashes && { leafHashes }), isFollowUp }
  const demand = buildDemand({ program: model.program, claim, node, ...known })
  const id = demandIdOf({ source: deployment.market, claimId, node, hash: demand.hash })
  return { demand, existing: book.demands.get(id) }
}

/** What the key of an intent that demands part of an input has in it. */
const inputKey = `:demand:${nodeTrees.tensor}:0:`

/** Claims whose input is, or was, demanded from here. */
function begunClaims({ account, book, journal }: WatcherContext): Set<Hash> {
  const demanded = [...book.demands.values()]
    .filter(({ node, demander }) => {
      const isInput = node.tree === nodeTrees.tensor && node.index === 0
      return isInput && isAddressEqual(demander, account.address)
    })
    .map(({ claimId }) => claimId)
  const planned = [...journal.intents.planned(), ...journal.intents.live()]
    .filter(({ key }) => key.includes(inputKey))
    .map(({ key }) => key.split(':')[0] as Hash)
  return new Set([...demanded, ...planned])
}

/** Whether the input of a claim may be demanded: its rows and their hashes at worst cost a bond each. */
function isAffordable(
  context: WatcherContext,
  { record, model, terms }: PlanInputDemandsParameters,
): boolean {
  const begun = begunClaims(context)
  if (begun.has(record.answer.claimId)) return true
  const bonds = [...begun].map((claimId) => bondsFor(modelOf(context, claimId) ?? model))
  const needed = bonds.reduce((sum, count) => sum + count, bondsFor(model))
  return needed * terms.demandBond <= context.watcherPolicy.inputBudget
}

function bondsFor({ program }: WatchedModel): bigint {
  return BigInt(1 + program.operators[0]!.rows)
}

function modelOf({ book, models }: WatcherContext, claimId: Hash): WatchedModel | undefined {
  const model = book.jobs.get(book.claims.get(claimId) ?? '0x')?.job.model
  return models.find(({ modelVersion }) => modelVersion === model)
}
