import { BaseError, type Job, type JobStatus } from '@assay/protocol'
import type { Address, Hash, Hex } from 'viem'

export class AccountMissingError extends BaseError {
  override name = 'AccountMissingError'

  constructor() {
    super('An account is needed to send a transaction or to sign.', {
      metaMessages: ['Give the client an account, or pass `account`.'],
    })
  }
}

export class ChainMismatchError extends BaseError {
  override name = 'ChainMismatchError'

  constructor({ clientChainId, chainId }: { clientChainId: number; chainId: number }) {
    super(`The client is on chain ${clientChainId}, the deployment on chain ${chainId}.`)
  }
}

export class TransactionFailedError extends BaseError {
  override name = 'TransactionFailedError'
  readonly hash: Hash

  constructor({ hash, blockNumber, cause }: { hash: Hash; blockNumber: bigint; cause?: unknown }) {
    super(`Transaction ${hash} reverted in block ${blockNumber}.`, { cause })
    this.hash = hash
  }
}

/** The chain could not be read or did not get where it was waited for. The wait can be repeated. */
export class WaitTimeoutError extends BaseError {
  override name = 'WaitTimeoutError'

  constructor({ what, timeoutMs, cause }: { what: string; timeoutMs: number; cause?: unknown }) {
    super(`Waited ${timeoutMs} ms for ${what}.`, { cause })
  }
}

/** A node did not reply. Tried again until the wait itself is over. */
export class AttemptTimeoutError extends BaseError {
  override name = 'AttemptTimeoutError'

  constructor({ what, ms }: { what: string; ms: number }) {
    super(`The node did not reply within ${ms} ms while waiting for ${what}.`)
  }
}

/** Nobody can be sealed for. */
export class NoRecipientError extends BaseError {
  override name = 'NoRecipientError'

  constructor({ model }: { model: Hash }) {
    super(`No operator with active stake on ${model} has a key that can be sealed for.`)
  }
}

/** No operator took an input. */
export class InputNotTakenError extends BaseError {
  override name = 'InputNotTakenError'

  constructor({ model, posted }: { model: Hash; posted: readonly FailedPost[] }) {
    super(`None of ${posted.length} operators with active stake on ${model} took the input.`, {
      metaMessages: posted.map(({ operator, failure }) => `${operator}: ${failure}`),
    })
  }
}

type FailedPost = { operator: Address; failure: string | undefined }

export class JobUnknownError extends BaseError {
  override name = 'JobUnknownError'

  constructor({ id, fromBlock }: { id: Hash; fromBlock: bigint }) {
    super(`No request of job ${id} was found from block ${fromBlock} on.`)
  }
}

export class JobUnansweredError extends BaseError {
  override name = 'JobUnansweredError'

  constructor({ id, deadline, timestamp }: { id: Hash; deadline: bigint; timestamp: bigint }) {
    super(`Job ${id} was not answered by its deadline ${deadline}; it is ${timestamp}.`, {
      metaMessages: ['`expire` returns the escrowed fee.'],
    })
  }
}

/** The job ended in another way than was waited for. */
export class JobEndedError extends BaseError {
  override name = 'JobEndedError'
  readonly status: JobStatus

  constructor({ id, status }: { id: Hash; status: JobStatus }) {
    super(`Job ${id} is ${status}; the payer was refunded.`)
    this.status = status
  }
}

/** An answer to such a job could be wrong without anybody being able to show it. */
export class VerifierNotAcceptedError extends BaseError {
  override name = 'VerifierNotAcceptedError'

  constructor({ model, verifier }: { model: Hash; verifier: Address }) {
    super(`Model version ${model} does not accept verifier ${verifier}, or does not exist.`, {
      metaMessages: ['A job without verifier, whose answer is final at once, has to say so: zero.'],
    })
  }
}

/** The payer asked something else under the same salt. */
export class SaltReusedError extends BaseError {
  override name = 'SaltReusedError'

  constructor({ id, salt, field, given, found }: SaltReusedErrorOptions) {
    super(`Salt ${salt} already belongs to job ${id} with another ${field}.`, {
      metaMessages: [`given: ${given}`, `found: ${found}`],
    })
  }
}

export type SaltReusedErrorOptions = {
  id: Hash
  salt: Hex
  field: keyof Job
  given: unknown
  found: unknown
}
