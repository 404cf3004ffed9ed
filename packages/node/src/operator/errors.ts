import { BaseError } from '@assay/protocol'
import type { Hash } from 'viem'

/** The trace of a claim of ours is not in the journal. */
export class TraceMissingError extends BaseError {
  override name = 'TraceMissingError'

  constructor({ claimId }: { claimId: Hash }) {
    super(`There is no trace of claim ${claimId}.`)
  }
}
