import { type AuditOrder, auditIdOf } from '@assay/protocol'
import { dollars } from '@assay/testing'
import type { Address, Hash } from 'viem'

import { type Answered, contextOf, hurry, type Requested } from './actions.ts'
import { networkHelpers, type World } from './deployWorld.ts'

export type OrderedAudit = { order: AuditOrder; id: Hash }

/** Orders an audit of a job as its payer. */
export async function orderAudit(
  world: World,
  { id: jobId, job }: Requested,
  ratePpm: number,
): Promise<OrderedAudit> {
  const { audits, deployment, known } = world
  const terms = { jobId, model: job.model, ratePpm, reward: dollars(1) }
  const order: AuditOrder = { ...terms, orderer: job.payer }
  await hurry()
  await audits.write.order([jobId, order.model, ratePpm, order.reward], { account: job.payer })
  const id = auditIdOf({ ...deployment, order })
  known.audits.add(id)
  return { order, id }
}

/** Opens the audit of an answered job, and mines the block that draws. */
export async function openAudit(world: World, { order }: OrderedAudit, answered: Answered) {
  const [, context] = await contextOf(world, answered)
  await hurry()
  await world.audits.write.open([order, context], { account: world.refuter })
  await networkHelpers.mine(2, { interval: 1 })
}

/** Has `auditor` vouch for an answer as soon as its slot opens. */
export async function confirmAudit(
  world: World,
  { order }: OrderedAudit,
  { answered, auditor }: { answered: Answered; auditor: Address },
) {
  const { audits } = world
  const [, context] = await contextOf(world, answered)
  const opensAt = await audits.read.slotOf([order, auditor], { blockTag: 'pending' })
  const next = BigInt(await networkHelpers.time.latest()) + 1n
  await networkHelpers.time.setNextBlockTimestamp(opensAt > next ? opensAt : next)
  await audits.write.confirm([order, auditor, context], { account: auditor })
}

export async function settleAudit({ audits }: World, { order }: OrderedAudit) {
  await hurry()
  await audits.write.settle([order])
}
