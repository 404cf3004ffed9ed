import { receiptLedgerAbi } from '@assay/protocol'
import { collectionsOf, type VoucherCollection } from '@assay/protocol/receipt'
import { encodeFunctionData } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { KeptBatch } from '../journal/createBatches.ts'
import type { Intent } from '../journal/intent.ts'
import { buildBatch } from './buildBatch.ts'
import { chooseCollections, owed } from './chooseCollections.ts'
import type { BuiltBatch, SettlingContext } from './settling.ts'

export type BatchPlanner = {
  /** Plans a batch where one is due, or the last one again where nothing came of it. */
  plan: (head: SeenHead, isUrgent: boolean) => Promise<void>
  isBusy: () => boolean
}

/** Names the settlement of a batch for good, so that it is never planned twice. */
export function settleKey({ id }: Pick<KeptBatch, 'id'>) {
  return `${id}:settle`
}

/** Creates what puts receipts into batches, one batch at a time. */
export function createBatchPlanner(context: SettlingContext): BatchPlanner {
  const { journal, wake } = context
  let building: Promise<void> | undefined
  let built: BuiltBatch | undefined

  function build(first: number, last: number) {
    building = buildBatch(journal, { first, last })
      .then((batch) => {
        built = batch
      })
      .finally(() => {
        building = undefined
        wake()
      })
    building.catch(() => undefined)
  }

  async function planNext(head: SeenHead, isUrgent: boolean) {
    const first = (journal.batches.last()?.last ?? 0) + 1
    if (built?.first === first) {
      const batch = built
      built = undefined
      return planBuilt(context, batch, head)
    }
    if (building !== undefined || !isDue(context, { head, first, isUrgent })) return
    build(first, Math.min(journal.receipts.settleable(), first + context.batchPolicy.count - 1))
  }

  return {
    async plan(head, isUrgent) {
      const [pending] = journal.batches.pending()
      if (pending === undefined) return planNext(head, isUrgent)
      const intent = journal.intents.find(settleKey(pending))
      if (intent === undefined || isWorthAnother(context, intent)) {
        return planSettlement(context, { batch: pending, head })
      }
    },
    isBusy: () => building !== undefined,
  }
}

/** A settlement that came to nothing is planned again, less and less often. */
function isWorthAnother({ clock }: SettlingContext, intent: Intent) {
  if (intent.state !== 'abandoned' && intent.state !== 'dropped') return false
  const pauseMs = Math.min(1_000 * 2 ** intent.attempts, 600_000)
  return clock.now() - intent.updatedAt >= pauseMs
}

type DueParameters = { head: SeenHead; first: number; isUrgent: boolean }

function isDue(context: SettlingContext, { head, first, isUrgent }: DueParameters): boolean {
  const { journal, batchPolicy, clock, terms } = context
  const count = journal.receipts.settleable() - first + 1
  const payable = journal.channels
    .due()
    .filter(({ voucher, refusal }) => voucher !== undefined && refusal === undefined)
  const value = payable.reduce((sum, channel) => sum + owed(channel), 0n)
  if (count <= 0 && value < batchPolicy.collectMinimum) return false
  if (isUrgent || count >= batchPolicy.count || value >= batchPolicy.value) return true
  const issuedAt = journal.receipts.issuedAfter(first - 1)
  const since = issuedAt ?? BigInt(Math.floor((journal.batches.last()?.plannedAt ?? 0) / 1000))
  // Receipts grow old by the chain's clock, but were issued by ours.
  const ours = BigInt(Math.floor(clock.now() / 1000))
  const now = ours > head.timestamp ? ours : head.timestamp
  const most = terms.horizon / 2n
  return now - since >= (batchPolicy.ageSeconds < most ? batchPolicy.ageSeconds : most)
}

async function planBuilt(context: SettlingContext, batch: BuiltBatch, head: SeenHead) {
  const collections = await chooseCollections(context, head, batch.last)
  if (batch.count === 0 && collections.length === 0) return
  await planSettlement(context, { batch, head, collections })
}

type PlanSettlementParameters = {
  batch: BuiltBatch | KeptBatch
  head: SeenHead
  collections?: readonly VoucherCollection[]
}

/** Writes down that receipts are in a batch, in the transaction that plans to settle it. */
async function planSettlement(context: SettlingContext, parameters: PlanSettlementParameters) {
  const { journal, deployment, observe } = context
  const { batch, head } = parameters
  const index = freeSlot(context, head)
  const vouchers = parameters.collections ?? (await chooseCollections(context, head, batch.last))
  const { root, count, dataHash } = batch
  const posting = { root, count: BigInt(count), dataHash, index }
  const { collections, authorities } = collectionsOf(vouchers)
  const args = [context.operator, posting, collections, authorities] as const
  const data = encodeFunctionData({ abi: receiptLedgerAbi, functionName: 'settle', args })
  const intent = journal.atomically(() => {
    const key = settleKey('id' in batch ? batch : journal.batches.add(batch))
    const plan = { key, kind: 'settle', to: deployment.ledger, data, subjects: [key] } as const
    return journal.intents.plan(plan, { revive: true })
  })
  observe({ type: 'planned', intent })
}

/** Returns the lowest slot of the ring that no batch needs any more. */
function freeSlot({ book, clock, operator, terms }: SettlingContext, head: SeenHead): number {
  const next = nextTimestamp(head, clock)
  const batches = [...(book.ledgers.get(operator)?.batches.values() ?? [])]
  const busy = new Set(
    batches
      .filter(({ isReleased, settledAt }) => !isReleased || settledAt + terms.slotSeconds > next)
      .map(({ index }) => index),
  )
  let index = 0
  while (busy.has(index)) index++
  return index
}
