import {
  type AuditOrder,
  type AuditStatus,
  auditIdOf,
  auditStatuses,
  auditsAbi,
} from '@assay/protocol'
import { type Address, type Hash, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { decodeError, isRevert } from '../errors/decodeError.ts'

export type ReadAuditParameters = ReadParameters & {
  order: AuditOrder
  /** Auditor whose slot to read. */
  auditor?: Address | undefined
}

export type ReadAuditReturnType = {
  auditId: Hash
  status: AuditStatus
  /** Who confirmed. */
  auditor: Address | undefined
  /** Whether it is drawn; undefined but between the opening and the confirmation, once the seed is there. */
  isDrawn: boolean | undefined
  /** Unix time in seconds from which the auditor asked for may confirm; undefined if it is not drawn. */
  opensAt: bigint | undefined
  /** Unix time in seconds at which confirmations stop; undefined until it is opened. */
  confirmUntil: bigint | undefined
  /** Stake that a confirmation reserves, in token units. */
  liability: bigint
}

/** Returns where an audit stands, and for a given auditor whether and when it may confirm. */
export async function readAudit(
  client: AssayClient,
  parameters: ReadAuditParameters,
): Promise<ReadAuditReturnType> {
  const { deployment, order } = parameters
  const { chainId, audits } = deployment
  const auditId = auditIdOf({ chainId, audits, order })
  const contract = { abi: auditsAbi, address: audits } as const
  const [record, confirmWindow, liability] = await Promise.all([
    readContract(client, { ...contract, functionName: 'auditOf', args: [auditId] }),
    readContract(client, { ...contract, functionName: 'CONFIRM_WINDOW' }),
    readContract(client, { ...contract, functionName: 'liabilityOf', args: [order.reward] }),
  ])
  const status = auditStatuses[record.status] ?? 'None'
  const draw = status === 'Opened' ? await readDraw(client, parameters) : undefined
  return {
    auditId,
    status,
    auditor: record.auditor === zeroAddress ? undefined : record.auditor,
    isDrawn: draw?.isDrawn,
    opensAt: draw?.opensAt,
    confirmUntil: record.seedBlock === 0 ? undefined : BigInt(record.since + confirmWindow),
    liability,
  }
}

/** Returns the draw as the next block sees it; undefined while its seed is not there, or lost. */
async function readDraw(client: AssayClient, { deployment, order, auditor }: ReadAuditParameters) {
  const contract = { abi: auditsAbi, address: deployment.audits, blockTag: 'pending' } as const
  try {
    const [isDrawn, slot] = await Promise.all([
      readContract(client, { ...contract, functionName: 'isDrawn', args: [order] }),
      auditor === undefined
        ? undefined
        : readContract(client, { ...contract, functionName: 'slotOf', args: [order, auditor] }),
    ])
    return { isDrawn, opensAt: isDrawn ? slot : undefined }
  } catch (error) {
    const revert = decodeError(error)
    if (isRevert(revert, 'SeedNotReady') || isRevert(revert, 'SeedUnavailable')) return undefined
    throw revert ?? error
  }
}
