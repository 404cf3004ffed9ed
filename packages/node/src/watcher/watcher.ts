import type { EncryptionKeys } from '@assay/protocol/envelope'
import type { Inconsistency, Program, Trace } from '@assay/tensor'
import type { Engine } from '@assay/tensor/fast'
import type { Address, Hash } from 'viem'

import type { AnswerRecord, JobRecord } from '../book/records.ts'
import type { DaemonDependencies, DaemonEvent } from '../daemon/daemon.ts'
import type { RoleContext } from '../daemon/role.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import type { Intent } from '../journal/intent.ts'
import type { AuditingEvent, AuditingPolicy } from './auditing.ts'
import type { OperatorClient } from './createOperatorClient.ts'

/** An exact model that is watched. */
export type WatchedModel = {
  modelVersion: Hash
  program: Program
  /** Runs the program. */
  engine: Pick<Engine, 'commit'>
  /** Contracts that hold the weights, in order, where the model is small enough to be run whole on-chain. */
  weights?: readonly Address[] | undefined
}

export type WatcherPolicy = {
  /** Tokens that may be bonded in demands at a time. */
  demandBudget: bigint
  /** Tokens that demands for inputs may cost: who shows an input earns its bonds. */
  inputBudget: bigint
  /** What to do about audits; nothing if left out. */
  auditing?: AuditingPolicy | undefined
}

/** Something that a watcher did or saw. */
export type WatcherEvent =
  | DaemonEvent
  | AuditingEvent
  /** The answer is what the model gives. */
  | { type: 'right'; claimId: Hash; engineMs: number }
  | { type: 'wrong'; claimId: Hash; operator: Address; engineMs: number }
  /** The input cannot be had, so nobody here can check the answer. */
  | { type: 'uncheckable'; claimId: Hash; reason: string }
  /** The operator showed what it committed to, and where that contradicts itself. */
  | { type: 'traced'; claimId: Hash; found: Inconsistency }
  /** The operator did not show what it committed to. */
  | { type: 'untraced'; claimId: Hash; reason: string }
  /** The refutation failed in a way that nobody foresaw; the next start tries again. */
  | { type: 'stuck'; claimId: Hash; error: unknown }
  /** A demand would bond more than the budget. */
  | { type: 'overBudget'; claimId: Hash; needed: bigint }
  /** An effect is written down; nothing is signed. */
  | { type: 'planned'; intent: Intent }

export type WatcherDependencies = Omit<DaemonDependencies, 'observe'> & {
  models: readonly WatchedModel[]
  operators: OperatorClient
  /** Keys that open inputs sealed for the watcher. */
  encryptionKeys?: EncryptionKeys | undefined
  watcherPolicy: WatcherPolicy
  observe: (event: WatcherEvent) => void
}

/** A job that was answered. */
export type AnsweredJob = JobRecord & { answer: AnswerRecord }

/** A wrong answer, and how far its refutation has come. */
export type Case = {
  claimId: Hash
  model: WatchedModel
  input: KeptInput
  /** What the input really computes to. */
  honest: Trace
  /** What the answer commits to, as far as it is known: undefined before the operator is asked, null if it does not show it. */
  committed: Trace | null | undefined
  /** Whether its next demand would bond more than the budget. */
  isOverBudget: boolean
  /** Whether its refutation failed in a way that nobody foresaw. */
  isStuck: boolean
}

/** What never changes about the verifier. */
export type VerifierTerms = {
  /** Tokens that a demand bonds. */
  demandBond: bigint
}

/** What the parts of a watcher share. */
export type WatcherContext = Omit<RoleContext, 'observe'> &
  Pick<
    WatcherDependencies,
    'models' | 'operators' | 'encryptionKeys' | 'watcherPolicy' | 'observe'
  > & {
    cases: Map<Hash, Case>
    /** Whom inputs and traces are sealed for: the auditor, or the account itself. */
    reader: Address
  }
