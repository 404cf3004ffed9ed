import type { JobStatus } from '@assay/protocol'
import type { Address, Hash, Hex } from 'viem'

/** One job of a settlement history. Times are Unix seconds, amounts token units. */
export type HistoryEntry = {
  id: Hash
  payer: Address
  /** Model version. */
  model: Hash
  status: JobStatus
  /** Who answered. */
  operator: Address | undefined
  output: Hex | undefined
  /** What was held for the job. */
  escrowed: bigint
  /** What the operator earns; zero before the answer. */
  fee: bigint
  protocolFee: bigint
  /** What went back to the payer at the end. */
  refund: bigint
  requestedAt: bigint
  answeredAt: bigint | undefined
  /** When the answer is final if nothing is suspended. */
  finalAt: bigint | undefined
  settledAt: bigint | undefined
  refutedAt: bigint | undefined
  expiredAt: bigint | undefined
  /** Place of the request on the chain: see `formatPosition`. */
  position: string
}

export type HistoryFilter = {
  payer?: Address | undefined
  operator?: Address | undefined
  /** Model version. */
  model?: Hash | undefined
}

/** What is asked of a source: a filter, and a page of what it leaves. */
export type HistoryQuery = HistoryFilter & {
  limit: number
  direction: 'asc' | 'desc'
  /** Position after which the page starts. */
  after: Position | undefined
}

export type Position = { blockNumber: bigint; logIndex: number }

export type HistoryPage = {
  entries: HistoryEntry[]
  hasMore: boolean
  /** Unix time in seconds as of which this holds. */
  asOf: bigint
}
