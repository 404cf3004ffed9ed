import { tensorVerifierAbi } from '@assay/protocol'
import { supplyData } from '@assay/tensor'
import { encodeFunctionData, isAddressEqual } from 'viem'

import type { DemandRecord } from '../book/records.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { commitmentOf } from '../inputs/commitmentOf.ts'
import { readInput } from '../inputs/readInput.ts'
import { claimArguments } from './calls.ts'
import type { AuditorContext } from './createAuditor.ts'
import type { AnsweredJob } from './watcher.ts'

/**
 * Plans to supply what is demanded of answers that the auditor vouched for, where the operator let half of its time
 * pass: its silence would cost the auditor its liability.
 */
export async function planGuards(context: AuditorContext, head: SeenHead) {
  const { auditing, book, clock } = context
  const next = nextTimestamp(head, clock)
  for (const demand of book.demands.values()) {
    const left = demand.supplyUntil - next
    if (demand.status !== 'open' || left <= 0n) continue
    if (left * 2n > auditing.terms.supplyWindow || !isLiable(context, demand)) continue
    await planGuard(context, demand)
  }
}

function isLiable({ auditing, book }: AuditorContext, { jobId }: DemandRecord): boolean {
  return [...book.audits.values()].some(
    ({ auditor, order, status }) =>
      order.jobId === jobId &&
      status === 'confirmed' &&
      isAddressEqual(auditor!, auditing.policy.auditor),
  )
}

async function planGuard(context: AuditorContext, demand: DemandRecord) {
  const { book, deployment, encryptionKeys, journal, models, reader } = context
  const key = `${demand.id}:supply`
  const record = book.jobs.get(demand.jobId) as AnsweredJob
  const model = models.find(({ modelVersion }) => modelVersion === record.job.model)
  if (model === undefined || journal.intents.find(key) !== undefined) return
  const { engine, program } = model
  const commit = (bytes: Uint8Array) => commitmentOf(program, bytes)
  const input = await readInput({ record, commit, journal, reader, encryptionKeys })
  if ('reason' in input) return
  const data = supplyData(program, engine.commit(input.bytes), demand.node)
  const args = [...claimArguments(context, record), demand.node, demand.hash, data] as const
  planEffect(context, {
    key,
    kind: 'supply',
    to: deployment.tensorVerifier,
    data: encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'supply', args }),
    subjects: [demand.id],
  })
}
