import { type FoundAudit, findAudits } from '@assay/sdk'
import type { Hash } from 'viem'

import type { Connection } from '../chain/connect.ts'
import { AuditAmbiguousError, AuditUnknownError } from './errors.ts'

/** Finds the audit that an id names: its own, or that of the job which it is of. */
export async function findAudit(
  { client, deployment }: Pick<Connection, 'client' | 'deployment'>,
  id: Hash,
): Promise<FoundAudit> {
  const [audit, ...others] = await findAudits(client, { deployment, id })
  if (audit === undefined) throw new AuditUnknownError(id)
  if (others.length > 0) throw new AuditAmbiguousError(id, [audit, ...others])
  return audit
}
