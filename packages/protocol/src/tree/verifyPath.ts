import type { Hash } from 'viem'

import { BaseError } from '../errors/BaseError.ts'
import { type RootOfPathParameters, rootOfPath } from './rootOfPath.ts'

export type VerifyPathParameters = RootOfPathParameters & {
  /** Root that the leaf is claimed to lie under. */
  root: Hash
}

/** Returns whether the leaf lies at its position under the root; a path of the wrong length never does. */
export function verifyPath(parameters: VerifyPathParameters): boolean {
  const { root, ...rest } = parameters
  try {
    return rootOfPath(rest) === root.toLowerCase()
  } catch (error) {
    if (error instanceof BaseError) return false
    throw error
  }
}
