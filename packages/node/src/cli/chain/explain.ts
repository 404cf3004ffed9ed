import { BaseError } from '@assay/protocol'
import { decodeError } from '@assay/sdk'
import {
  HttpRequestError,
  InsufficientFundsError,
  type LocalAccount,
  TimeoutError,
  BaseError as ViemError,
} from 'viem'

import { shortErrorOf } from '../shortErrorOf.ts'
import { ChainError, FundsMissingError } from './errors.ts'

/** Nodes have no common word for it, and clients know those of some. */
function isPoor(cause: unknown): boolean {
  if (cause instanceof InsufficientFundsError) return true
  return cause instanceof Error && /insufficient funds|enough funds/i.test(cause.message)
}

/** Says what a client's error means here, without the request and the URL that it carries. */
export function explain(error: unknown, account?: () => LocalAccount): unknown {
  if (error instanceof BaseError || !(error instanceof ViemError)) return error
  const revert = decodeError(error)
  if (revert !== undefined) return revert
  if (account !== undefined && error.walk(isPoor) !== null) {
    return new FundsMissingError(account().address, "cannot pay for the transaction's gas")
  }
  const lost = error.walk(
    (cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError,
  )
  if (lost !== null) return new ChainError('The chain does not reply any more.')
  return new ChainError(shortErrorOf(error), { metaMessages: [error.details] })
}
