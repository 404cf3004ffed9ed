import { InvalidDeploymentError } from '@assay/protocol'
import { OperatorError, ProgramFileError, ProgramLimitError, ProgramRootError } from '@assay/tensor'
import { ImportError, NpyError } from '@assay/tensor/node'

import { ChainReplacedError } from '../chain/errors.ts'
import { JournalLockedError, JournalMismatchError, JournalTooNewError } from '../journal/errors.ts'
import { ConfigError } from './errors.ts'
import { ModelFileInputError } from './model/errors.ts'

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
  /** The journal belongs to another chain, market, key or version. */
  mismatch: 4,
}

/** Returns the exit code for what ended a command. */
export function exitCodeOf(error: unknown): number {
  if (isUsage(error)) return exitCodes.usage
  if (error instanceof JournalLockedError) return exitCodes.locked
  const isMismatch =
    error instanceof JournalMismatchError ||
    error instanceof JournalTooNewError ||
    error instanceof ChainReplacedError
  return isMismatch ? exitCodes.mismatch : exitCodes.failed
}

function isUsage(error: unknown) {
  return (
    error instanceof ConfigError ||
    error instanceof InvalidDeploymentError ||
    error instanceof ProgramFileError ||
    error instanceof ProgramRootError ||
    isModel(error)
  )
}

/** A model, or an input of one, that cannot be used. */
function isModel(error: unknown) {
  return (
    error instanceof ImportError ||
    error instanceof ModelFileInputError ||
    error instanceof NpyError ||
    error instanceof OperatorError ||
    error instanceof ProgramLimitError
  )
}
