import { batchOf, readBatchNumber, refundBatch } from '@assay/protocol/receipt'
import { isAddressEqual } from 'viem'

import type { ChainLogEntry } from '../journal/createChainLog.ts'
import type { BookParameters, BookState } from './createBook.ts'
import type { LedgerEvent } from './decodeEntry.ts'
import {
  type EntryPlace,
  emptyLedger,
  type LedgerRecord,
  type SettledBatch,
  type TabRecord,
} from './ledger.ts'

export type ApplyLedgerEventParameters = { entry: ChainLogEntry; event: LedgerEvent }

/** Takes an event of the receipt ledger in; returns whether it concerns the operator that is followed. */
export function applyLedgerEvent(
  { ledgers }: BookState,
  { operator }: BookParameters,
  { entry, event }: ApplyLedgerEventParameters,
): boolean {
  if (operator === undefined || !('operator' in event.args)) return false
  if (!isAddressEqual(event.args.operator, operator)) return false
  const record = ledgers.get(operator) ?? emptyLedger()
  ledgers.set(operator, record)
  const { blockNumber, logIndex } = entry
  const place = { blockNumber, logIndex }
  return (
    applyToBatch(record, event, place) ||
    applyToDemand(record, event, place) ||
    applyToTab(record, event, place) ||
    applyToStanding(record, event)
  )
}

function applyToBatch(record: LedgerRecord, event: LedgerEvent, place: EntryPlace): boolean {
  switch (event.eventName) {
    case 'BatchSettled': {
      const { outcomes, number } = event.args
      const batch = batchOf(event.args)
      const { blockNumber: block } = place
      const settled = { batch, outcomes, block, isReleased: false, ...readBatchNumber(number) }
      record.batches.set(number, { ...settled, changedBlock: block, entries: [place] })
      return true
    }
    case 'BatchReleased':
      return touch(record.batches.get(event.args.number), place, (settled) => {
        settled.isReleased = true
      })
    case 'ReceiptRefunded':
      return touch(record.batches.get(event.args.number), place, (settled) => {
        const { batch, outcomes } = settled
        const { amount } = event.args
        const outcome = Number(event.args.outcome)
        Object.assign(settled, refundBatch({ batch, outcomes, outcome, amount }))
      })
    default:
      return false
  }
}

function touch(
  settled: SettledBatch | undefined,
  place: EntryPlace,
  change: (settled: SettledBatch) => void,
): boolean {
  if (settled === undefined) return false
  change(settled)
  settled.changedBlock = place.blockNumber
  settled.entries.push(place)
  return true
}

function applyToDemand(record: LedgerRecord, event: LedgerEvent, place: EntryPlace): boolean {
  const { eventName, args } = event
  if (eventName === 'ReceiptDemanded') {
    const { id, demander, deadline } = args
    const changedBlock = place.blockNumber
    const demand = { id, demander, deadline, status: 'open', changedBlock } as const
    record.demands.set(id, { ...demand, entries: [place] })
    return true
  }
  if (eventName !== 'ReceiptOpened' && eventName !== 'OmissionProven') return false
  const demand = record.demands.get(args.id)
  if (demand === undefined) return false
  demand.status = eventName === 'ReceiptOpened' ? 'opened' : 'omitted'
  demand.changedBlock = place.blockNumber
  demand.entries.push(place)
  return true
}

function applyToTab(record: LedgerRecord, event: LedgerEvent, place: EntryPlace): boolean {
  const { eventName, args } = event
  if (eventName !== 'TabFunded' && eventName !== 'TabThawed' && eventName !== 'TabClosed') {
    return false
  }
  const tab: TabRecord = record.tabs.get(args.payer) ?? newTab()
  record.tabs.set(args.payer, tab)
  const kind = eventName === 'TabFunded' ? 'funded' : 'thaw'
  const before = tab.places[kind]
  if (before !== undefined) record.superseded.push(before)
  tab.places[kind] = place
  if (eventName === 'TabFunded') tab.funded = args.funded
  if (eventName === 'TabThawed') tab.thawedAt = args.thawedAt
  if (eventName === 'TabClosed') {
    tab.thawedAt = 0n
    tab.epoch = args.epoch
    tab.funded -= args.returned
  }
  return true
}

function newTab(): TabRecord {
  return { funded: 0n, thawedAt: 0n, epoch: 0, places: {} }
}

function applyToStanding(record: LedgerRecord, event: LedgerEvent): boolean {
  if (event.eventName === 'StakePledged') {
    record.pledged = event.args.pledged
    return true
  }
  if (event.eventName !== 'SignerSet') return false
  record.signers.set(event.args.signer, event.args.until)
  return true
}
