import type { Batch } from '@assay/protocol/receipt'
import type { Address, Hash } from 'viem'

/** Where an event is in the journal. */
export type EntryPlace = { blockNumber: bigint; logIndex: number }

/** A settled batch, as its events tell it. */
export type SettledBatch = {
  /** What the ledger keeps a digest of; it changes when something of it is refunded. */
  batch: Batch
  outcomes: readonly bigint[]
  /** Unix time in seconds. */
  settledAt: bigint
  /** Slot of the operator's ring that it is in. */
  index: number
  /** Block in which it was settled. */
  block: bigint
  isReleased: boolean
  /** Block of its newest event. */
  changedBlock: bigint
  entries: EntryPlace[]
}

/** A demand to open a receipt, as its events tell it. */
export type ReceiptDemand = {
  id: Hash
  demander: Address
  /** Unix time in seconds before which it must be opened. */
  deadline: bigint
  status: 'open' | 'opened' | 'omitted'
  changedBlock: bigint
  entries: EntryPlace[]
}

/** What its events tell of a payer's tab. */
export type TabRecord = {
  /** Everything ever put in and not returned. */
  funded: bigint
  /** Unix time in seconds at which it ends; 0 if it does not thaw. */
  thawedAt: bigint
  /** How often it was closed. */
  epoch: number
  /** Its newest funding, and its newest thaw or closing. */
  places: { funded?: EntryPlace; thaw?: EntryPlace }
}

/** What an operator did in the receipt ledger, and what was done to it. */
export type LedgerRecord = {
  /** By number; those whose slot is free are forgotten. */
  batches: Map<bigint, SettledBatch>
  demands: Map<Hash, ReceiptDemand>
  tabs: Map<Address, TabRecord>
  /** Stake promised, in token units. */
  pledged: bigint
  /** Unix time in seconds before which receipts of a signer bind the operator. */
  signers: Map<Address, bigint>
  /** Events that others have taken the place of: the journal need not keep them. */
  superseded: EntryPlace[]
}

/** Returns the record of an operator of which there are no events. */
export function emptyLedger(): LedgerRecord {
  return {
    ...{ batches: new Map(), demands: new Map(), tabs: new Map(), signers: new Map() },
    ...{ pledged: 0n, superseded: [] },
  }
}
