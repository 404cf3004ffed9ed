import type { Parameters } from '@assay/protocol'
import type { EncryptionKeys } from '@assay/protocol/envelope'
import type { Address, Hash } from 'viem'

import type { Backend } from '../backend/backend.ts'
import type { DaemonDependencies, DaemonEvent } from '../daemon/daemon.ts'
import type { RoleContext } from '../daemon/role.ts'
import type { Intent } from '../journal/intent.ts'
import type { ReceiptEvent } from '../receipts/createReceiptWriter.ts'
import type { BatchEvent, BatchPolicy } from '../settling/settling.ts'
import type { MarketReader, Stake } from './createMarketReader.ts'
import type { Supplier } from './planSupplies.ts'

/** How an operator answers when its slot is open. */
export type AnswerMode =
  /** At once. */
  | 'direct'
  /** With a sealed answer first, so that nobody can copy it. */
  | 'commit'
  /** At once where no other operator's slot is open too, else sealed. */
  | 'auto'

export type OperatorPolicy = {
  /** Least tokens to earn per answer, by model version. */
  asks: ReadonlyMap<Hash, bigint>
  mode: AnswerMode
  /** Seconds that must be left until a job's deadline to begin with it. */
  deadlineMarginSeconds: bigint
  /** Jobs computed at a time. */
  maxRuns: number
  /** Final jobs that are claimed together at the latest. */
  claimBatch: number
  /** Seconds that a final job waits for others to be claimed with. */
  claimDelaySeconds: bigint
  /** Most gas that a job's callback may be given: the operator pays for it. */
  maxCallbackGas: number
  /** Earnings that are worth collecting. */
  collectMinimum: bigint
}

/** Something that an operator did or saw. */
export type OperatorEvent =
  | DaemonEvent
  | ReceiptEvent
  | BatchEvent
  | { type: 'seen'; id: Hash }
  | { type: 'declined'; id: Hash; reason: string }
  /** The result and its trace are stored. */
  | { type: 'computed'; id: Hash; engineMs: number }
  | { type: 'engineFailed'; id: Hash; error: unknown }
  /** An effect is written down; nothing is signed. */
  | { type: 'planned'; intent: Intent }
  /** What was demanded of a claim can not be shown. */
  | { type: 'unsuppliable'; id: Hash; error: unknown }

export type OperatorDependencies = Omit<DaemonDependencies, 'observe'> & {
  /** Operator that answers; the account is it, or its registered signer. */
  operator: Address
  backends: readonly Backend[]
  /** Shows parts of committed traces, by model version. */
  suppliers: ReadonlyMap<Hash, Supplier>
  operatorPolicy: OperatorPolicy
  /** When receipts are settled; left out by an operator that issues none. */
  batchPolicy?: BatchPolicy | undefined
  /** Keys that open inputs sealed for the operator. */
  encryptionKeys?: EncryptionKeys | undefined
  observe: (event: OperatorEvent) => void
}

/** What the parts of an operator share. */
export type OperatorContext = Omit<RoleContext, 'observe'> &
  Pick<
    OperatorDependencies,
    'operator' | 'backends' | 'suppliers' | 'operatorPolicy' | 'encryptionKeys' | 'observe'
  > & {
    reader: MarketReader
    /** Stakes at the newest block, by model version and operator: see `stakeKey`. */
    stakes: Map<string, Stake>
    /** Block at which they were read. */
    stakesAt: { hash: Hash | undefined }
    /** Seeds of open jobs whose seed block is there. */
    seeds: Map<Hash, Hash>
    /** Parameter sets of open jobs. */
    parameters: Map<number, Parameters>
  }

/** Names an operator's stake on a model version. */
export function stakeKey(model: Hash, operator: Address) {
  return `${model}:${operator.toLowerCase()}`
}
