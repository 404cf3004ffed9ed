import { type AuditOrder, auditsAbi } from '@assay/protocol'
import { encodeEventTopics, type Hash, parseEventLogs } from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'

export type FindAuditsParameters = ReadParameters & {
  /** Id of an audit, or of a job. */
  id: Hash
  /** Block from which to search; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

/** An audit as it was ordered, and the transaction that did. */
export type FoundAudit = { auditId: Hash; order: AuditOrder; hash: Hash }

const abi = auditsAbi
const eventName = 'AuditOrdered'

/**
 * Returns the audit of an id; for a job's, every audit that was ordered of it, the first one first.
 *
 * @example
 * const [audit] = await findAudits(client, { deployment, id: jobId })
 * if (audit) await settleAudit(client, { deployment, order: audit.order })
 */
export async function findAudits(
  client: AssayClient,
  parameters: FindAuditsParameters,
): Promise<FoundAudit[]> {
  const { deployment, id, fromBlock = BigInt(deployment.startBlock) } = parameters
  const toBlock = await getBlockNumber(client, { cacheTime: 0 })
  const range = { address: deployment.audits, fromBlock, toBlock }
  const found = await Promise.all(
    [{ id }, { jobId: id }].map((args) =>
      getLogs(client, { ...range, topics: encodeEventTopics({ abi, eventName, args }) }),
    ),
  )
  return parseEventLogs({ abi, eventName, logs: found.flat() }).map(({ args, transactionHash }) => {
    const { id: auditId, ...order } = args
    return { auditId, order, hash: transactionHash }
  })
}
