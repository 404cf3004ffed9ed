import { receiptLedgerAbi } from '@assay/protocol'
import { collectionsOf, decodeOutcomes, type Outcome } from '@assay/protocol/receipt'
import { decodeFunctionData, getAddress, type Hex, toHex } from 'viem'

import type { SettledBatch } from '../book/ledger.ts'
import type { KeptBatch } from '../journal/createBatches.ts'
import type { Channel } from '../journal/createChannels.ts'
import { settleKey } from './planBatch.ts'
import type { SettlingContext } from './settling.ts'

/** Takes note of what became of batches, once that is final. */
export function recordOutcomes(context: SettlingContext) {
  const { journal, book, operator } = context
  reopenLast(context)
  const settled = [...(book.ledgers.get(operator)?.batches.values() ?? [])]
  for (const batch of journal.batches.pending()) {
    const intent = journal.intents.find(settleKey(batch))
    if (intent?.state !== 'final') continue
    const found = settled.find(
      ({ block, batch: { root } }) => block === intent.minedBlock && root === batch.root,
    )
    if (found !== undefined) record(context, { batch, found, data: intent.data })
  }
}

/** A batch that was final, and that a deep reorganisation took back, is not settled; what it collected is read again. */
function reopenLast({ journal }: SettlingContext) {
  const last = journal.batches.last()
  if (last?.number === undefined) return
  const intent = journal.intents.find(settleKey(last))
  if (intent === undefined || intent.state === 'final') return
  journal.atomically(() => {
    journal.batches.reopen(last.id)
    for (const { place } of collectionsIn(intent.data)) {
      const payer = getAddress(toHex(place >> 96n, { size: 20 }))
      journal.channels.write({ ...journal.channels.read(payer), collected: 0n })
    }
  })
}

type RecordParameters = { batch: KeptBatch; found: SettledBatch; data: Hex }

function record(context: SettlingContext, { batch, found, data }: RecordParameters) {
  const { journal, observe } = context
  const { settledAt } = found
  const { number, amount } = found.batch
  const outcomes = decodeOutcomes(found.outcomes)
  const sent = collectionsIn(data)
  journal.atomically(() => {
    journal.batches.settled(batch.id, { number, settledAt })
    for (const [place, outcome] of outcomes.entries()) {
      const channel = journal.channels.read(outcome.payer)
      const isSame = channel.voucher !== undefined && isSentVoucher(channel, sent[place])
      journal.channels.write(afterOutcome(channel, outcome, isSame))
    }
  })
  observe({ type: 'batchSettled', number, root: batch.root, count: batch.count, amount })
  for (const { payer, status: reason } of outcomes) {
    if (reason !== 'Collected') observe({ type: 'collectionRefused', payer, reason })
  }
}

/** Only another voucher can mend these. */
const refusals = new Set(['NotSigned', 'SessionRefused', 'CapExceeded'])

function afterOutcome(channel: Channel, outcome: Outcome, isSame: boolean): Channel {
  const { status, cumulativeFee } = outcome
  if (status === 'Collected' || status === 'NothingDue') {
    const collected = cumulativeFee > channel.collected ? cumulativeFee : channel.collected
    return { ...channel, collected }
  }
  return refusals.has(status) && isSame ? { ...channel, refusal: status } : channel
}

type SentCollection = ReturnType<typeof collectionsIn>[number]

/** Whether a channel's voucher is the one that was refused; a newer one deserves its own try. */
function isSentVoucher({ voucher, isContract }: Channel, sent: SentCollection | undefined) {
  const again = { voucher: voucher!, sequence: 0n, cumulativeFee: 0n, isContract }
  const [collection] = collectionsOf([again]).collections
  return sent !== undefined && sent.vs === collection!.vs && sent.r === collection!.r
}

function collectionsIn(data: Hex) {
  const { functionName, args } = decodeFunctionData({ abi: receiptLedgerAbi, data })
  return functionName === 'settle' ? args[2] : []
}
