import { BaseError, type JobStatus } from '@assay/protocol'
import type { Address, Hash } from 'viem'

/** What was asked of the chain cannot be done, or not now. */
export class ChainError extends BaseError {
  override name = 'ChainError'
}

/** The process was asked to stop before the command was done. */
export class StoppedError extends ChainError {
  override name = 'StoppedError'

  constructor() {
    super('Stopped before it was done.')
  }
}

/** No endpoint replies. Another try may help. */
export class ChainUnreachableError extends ChainError {
  override name = 'ChainUnreachableError'

  constructor(hosts: readonly string[], cause: unknown) {
    super(`No chain replies at ${hosts.join(', ')}.`, { cause })
  }
}

/** The deployment names contracts that are not there: it belongs to another chain with the same id. */
export class DeploymentMissingError extends ChainError {
  override name = 'DeploymentMissingError'

  constructor(market: Address, chainId: number) {
    super(`There is no market at ${market} on chain ${chainId}.`, {
      metaMessages: ['A local chain that was started again has a deployment of its own.'],
    })
  }
}

/** An account has less than it is about to pay. */
export class FundsMissingError extends ChainError {
  override name = 'FundsMissingError'
  readonly account: Address

  constructor(account: Address, fault: string, advice: readonly string[] = []) {
    super(`${account} ${fault}.`, { metaMessages: advice })
    this.account = account
  }
}

/** A model version is not what the folder with its program says. */
export class VersionMismatchError extends ChainError {
  override name = 'VersionMismatchError'

  constructor(version: Hash, found: Hash, needed: Hash) {
    super(`Model version ${version} is of another program than the folder.`, {
      metaMessages: [`root of the folder: ${found}`, `root on the chain: ${needed}`],
    })
  }
}

/** The registry does not know the version, or the version does not accept proofs of exact models. */
export class VersionUnknownError extends ChainError {
  override name = 'VersionUnknownError'

  constructor(version: Hash) {
    super(`Model version ${version} is not published as an exact model.`)
  }
}

/** A job does not stand where a command needs it. */
export class JobStateError extends ChainError {
  override name = 'JobStateError'
  readonly status: JobStatus

  constructor(id: Hash, status: JobStatus, needed: string) {
    super(`Job ${id} is ${status}; ${needed}.`)
    this.status = status
  }
}
