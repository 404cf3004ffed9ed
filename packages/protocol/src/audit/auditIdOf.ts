import { type Address, encodeAbiParameters, getAbiItem, type Hash, keccak256 } from 'viem'

import { auditsAbi } from '../abi/auditsAbi.ts'
import type { AuditOrder } from './audit.ts'

const [orderParameter] = getAbiItem({ abi: auditsAbi, name: 'auditId' }).inputs
const preimage = [{ type: 'uint256' }, { type: 'address' }, orderParameter] as const

export type AuditIdOfParameters = {
  chainId: number
  /** The `Audits` contract. */
  audits: Address
  order: AuditOrder
}

/** Returns the id under which an audit is kept. */
export function auditIdOf({ chainId, audits, order }: AuditIdOfParameters): Hash {
  return keccak256(encodeAbiParameters(preimage, [BigInt(chainId), audits, order]))
}
