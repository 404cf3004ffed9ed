import { InvalidDeploymentError } from '@assay/protocol'
import { AnswerMismatchError, OverpricedError, WireFormatError } from '@assay/protocol/http'
import { ReceiptClaimError, ReceiptFieldError, SignerMismatchError } from '@assay/protocol/receipt'
import {
  ChainMismatchError,
  InputNotTakenError,
  JobEndedError,
  JobUnansweredError,
  JobUnknownError,
  NoRecipientError,
  RevertError,
  SaltReusedError,
  TransactionFailedError,
  WaitTimeoutError,
} from '@assay/sdk'
import { OperatorError, ProgramFileError, ProgramLimitError, ProgramRootError } from '@assay/tensor'
import { ImportError, NpyError } from '@assay/tensor/node'

import { ChainReplacedError } from '../chain/errors.ts'
import { JournalLockedError, JournalMismatchError, JournalTooNewError } from '../journal/errors.ts'
import { SignerUnknownError } from '../receipts/errors.ts'
import { AuditAmbiguousError, AuditUnknownError } from './audit/errors.ts'
import {
  ChainError,
  DeploymentMissingError,
  FundsMissingError,
  JobStateError,
  VersionMismatchError,
  VersionUnknownError,
} from './chain/errors.ts'
import { ConfigError } from './errors.ts'
import { ModelFileInputError } from './model/errors.ts'
import { ReceiptMismatchError, ReceiptStateError } from './receipt/errors.ts'
import { TabStateError } from './tab/errors.ts'

/** How a command ends. Only 1 may go away by itself, so only then is a restart worth it. */
export const exitCodes = {
  /** Done; of a daemon, asked to stop, and what was under way is finished. */
  stopped: 0,
  /** An error that was not foreseen. */
  failed: 1,
  /** The command, its configuration, or the model or input it was given is wrong. */
  usage: 2,
  /** Another process works with the same journal. */
  locked: 3,
  /** The journal or the deployment belongs to another chain, market, key or version. */
  mismatch: 4,
  /** The contracts, or the funds, do not allow what was asked. */
  refused: 5,
  /** There is nothing to prove: the answer is what the model gives, the receipts are what they may be. */
  right: 6,
  /** The answer is wrong, and nobody shows the trace that it commits to. */
  withheld: 7,
  /** A receipt or an answer is not what was signed. */
  unsound: 8,
}

type ErrorClass = abstract new (...args: never[]) => Error

/** Which errors end a command how. */
export type ExitCauses = readonly (readonly [number, readonly ErrorClass[]])[]

/** Which errors end a command how; what is in none of the lists was not foreseen. */
const causes: ExitCauses = [
  [
    exitCodes.usage,
    [
      ...[ConfigError, InvalidDeploymentError, ProgramFileError, ProgramRootError],
      ...[ImportError, ModelFileInputError, NpyError, OperatorError, ProgramLimitError],
      ...[JobUnknownError, SaltReusedError, VersionMismatchError, VersionUnknownError],
      ...[AuditAmbiguousError, AuditUnknownError, WireFormatError],
    ],
  ],
  [
    exitCodes.unsound,
    [
      ...[SignerMismatchError, ReceiptClaimError, ReceiptFieldError],
      ...[AnswerMismatchError, OverpricedError, ReceiptMismatchError],
    ],
  ],
  [exitCodes.locked, [JournalLockedError]],
  [
    exitCodes.mismatch,
    [
      ...[JournalMismatchError, JournalTooNewError, ChainReplacedError],
      ...[ChainMismatchError, DeploymentMissingError],
    ],
  ],
  [
    exitCodes.refused,
    [
      ...[RevertError, TransactionFailedError, FundsMissingError],
      ...[JobEndedError, JobUnansweredError, JobStateError],
      ...[InputNotTakenError, NoRecipientError, ReceiptStateError, TabStateError],
      SignerUnknownError,
    ],
  ],
]

/** Returns the exit code for what ended a command; `others` are of commands from elsewhere. */
export function exitCodeOf(error: unknown, others: ExitCauses = []): number {
  const isOf = ([, classes]: ExitCauses[number]) => classes.some((type) => error instanceof type)
  const found = [...causes, ...others].find(isOf)
  return found?.[0] ?? exitCodes.failed
}

/** Whether an error says all that helps by itself; where others came from helps, too. */
export function isForeseen(error: unknown, others: ExitCauses = []): boolean {
  const isKnown = error instanceof ChainError || error instanceof WaitTimeoutError
  return isKnown || exitCodeOf(error, others) !== exitCodes.failed
}
