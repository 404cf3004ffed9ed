import type { FoundAudit } from '@assay/sdk'
import type { Hash } from 'viem'

import { ChainError } from '../chain/errors.ts'

/** Nobody ordered an audit under an id, nor of a job with it. */
export class AuditUnknownError extends ChainError {
  override name = 'AuditUnknownError'

  constructor(id: Hash) {
    super(`No audit ${id}, and none of a job with this id, was ordered.`)
  }
}

/** A job has several audits, and a command is about one. */
export class AuditAmbiguousError extends ChainError {
  override name = 'AuditAmbiguousError'

  constructor(jobId: Hash, audits: readonly FoundAudit[]) {
    super(`Job ${jobId} has ${audits.length} audits; name one of them.`, {
      metaMessages: audits.map(({ auditId, order }) => `${auditId} of ${order.orderer}`),
    })
  }
}
