import type { CollectionStatus } from '@assay/protocol/receipt'
import type { Address, Hash } from 'viem'

import type { OperatorContext } from '../operator/operator.ts'

/** When receipts are settled, and what is collected with them. */
export type BatchPolicy = {
  /** Receipts at which a batch is posted, and most that one holds. */
  count: number
  /** Seconds that a receipt, or what a channel owes, waits for others at most. */
  ageSeconds: bigint
  /** Token units to collect at which a batch is posted. */
  value: bigint
  /** Channels collected in one batch at most. */
  maxCollections: number
  /** Least token units of a channel that are worth collecting. */
  collectMinimum: bigint
}

/** Something that an operator did or saw about its batches. */
export type BatchEvent =
  /** A batch is final. */
  | { type: 'batchSettled'; number: bigint; root: Hash; count: number; amount: bigint }
  /** The ledger did not collect from a channel. */
  | { type: 'collectionRefused'; payer: Address; reason: CollectionStatus }
  /** Less is pledged than what is to be collected needs: the rest waits. */
  | { type: 'pledgeShort'; free: bigint; wanted: bigint }
  /** A receipt is demanded that is not in the journal. */
  | { type: 'unopenable'; id: Hash }

/** What settling needs to know of the ledger; it never changes. Times are seconds. */
export type SettlingTerms = {
  stakeRatioPpm: bigint
  stakeFloor: bigint
  releaseWindow: bigint
  /** Age at which a receipt must be in a batch. */
  horizon: bigint
  /** How long a batch keeps its slot. */
  slotSeconds: bigint
}

/** A range of receipts with what a batch of them commits to. */
export type BuiltBatch = { first: number; last: number; root: Hash; count: number; dataHash: Hash }

/** What the parts of settling share. */
export type SettlingContext = OperatorContext & {
  batchPolicy: BatchPolicy
  terms: SettlingTerms
  /** Tells that less is pledged than what is to be collected needs, in token units; not at every block. */
  tellShort: (numbers: { free: bigint; wanted: bigint }) => void
}
