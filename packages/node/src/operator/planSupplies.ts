import { encodeContext, type Node, tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData, type Hex, isAddressEqual } from 'viem'

import type { DemandRecord, JobRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { TraceMissingError } from './errors.ts'
import type { OperatorContext } from './operator.ts'

const unsuppliable = 'unsuppliable'

export type SupplyParameters = { node: Node; input: Uint8Array; trace: Uint8Array }

/** Returns what answers a demand about a committed trace. */
export type Supplier = (parameters: SupplyParameters) => Hex

/** Plans to publish what is demanded of the operator's claims. */
export function planSupplies(context: OperatorContext, head: SeenHead) {
  const { book, clock, operator } = context
  const next = nextTimestamp(head, clock)
  for (const demand of book.demands.values()) {
    const record = book.jobs.get(demand.jobId)
    if (demand.status !== 'open' || demand.supplyUntil <= next) continue
    if (record?.answer === undefined || !isAddressEqual(record.answer.operator, operator)) continue
    planSupply(context, record, demand)
  }
}

function planSupply(context: OperatorContext, record: JobRecord, demand: DemandRecord) {
  const { deployment } = context
  const data = tryDataFor(context, record, demand)
  if (data === undefined) return
  const { settlement, claim } = record.answer!
  const { node, hash } = demand
  const args = [deployment.market, encodeContext({ settlement, claim }), node, hash, data] as const
  planEffect(context, {
    key: `${demand.id}:supply`,
    kind: 'supply',
    to: deployment.tensorVerifier,
    data: encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'supply', args }),
    subjects: [demand.id],
  })
}

function tryDataFor(context: OperatorContext, record: JobRecord, demand: DemandRecord) {
  const { journal, observe } = context
  if (journal.notes.get(unsuppliable, demand.id) !== undefined) return undefined
  try {
    return dataFor(context, record, demand)
  } catch (error) {
    journal.notes.put(unsuppliable, demand.id, String(error))
    observe({ type: 'unsuppliable', id: demand.id, error })
    return undefined
  }
}

function dataFor(
  { journal, suppliers }: OperatorContext,
  { job, input, answer }: JobRecord,
  { node }: DemandRecord,
): Hex {
  const trace = journal.results.trace(answer!.claimId)
  const supplier = suppliers.get(job.model)
  if (trace === undefined || supplier === undefined) throw new TraceMissingError(answer!)
  const kept = journal.inputs.get(job.inputHash)
  return supplier({ node, input: kept?.bytes ?? input, trace: trace.bytes })
}
