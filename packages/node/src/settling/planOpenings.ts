import { buildReceiptTree } from '@assay/crypto'
import { receiptLedgerAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { ReceiptDemand } from '../book/ledger.ts'
import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { isPlannable, planEffect } from '../daemon/planEffect.ts'
import type { SettlingContext } from './settling.ts'

const unopenable = 'unopenable'
const maxAttempts = 10

/** Plans to open what is demanded, and returns whether a demanded receipt waits for a batch. */
export function planOpenings(context: SettlingContext, head: SeenHead): boolean {
  const { book, clock, operator } = context
  const next = nextTimestamp(head, clock)
  const demands = [...(book.ledgers.get(operator)?.demands.values() ?? [])]
  return demands
    .filter(({ status, deadline }) => status === 'open' && deadline > next)
    .map((demand) => planOpening(context, demand))
    .includes('unbatched')
}

function planOpening(context: SettlingContext, { id }: ReceiptDemand) {
  const { journal, book, deployment, operator, observe } = context
  const kept = journal.receipts.find(id)
  if (kept === undefined) {
    if (journal.notes.get(unopenable, id) === undefined) observe({ type: 'unopenable', id })
    journal.notes.put(unopenable, id, 'not in the journal')
    return 'unknown'
  }
  const own = journal.batches.of(kept.ordinal)
  if (own === undefined) return 'unbatched'
  const settled = [...book.ledgers.get(operator)!.batches.values()].find(
    ({ batch }) => batch.root === own.root && batch.count === BigInt(own.count),
  )
  const key = `${id}:open`
  const isTime = isPlannable(journal.intents.find(key), maxAttempts)
  if (settled === undefined || !isTime) return 'waiting'
  const leaf = kept.ordinal - own.first
  const path = buildReceiptTree(journal.receipts.ids(own.first, own.last)).pathOf(leaf)
  const args = [kept.document.receipt, settled.batch, BigInt(leaf), path] as const
  const data = encodeFunctionData({ abi: receiptLedgerAbi, functionName: 'open', args })
  planEffect(context, { key, kind: 'open', to: deployment.ledger, data, subjects: [] }, maxAttempts)
  return 'planned'
}
