import { encodeAbiParameters, type Hash, keccak256 } from 'viem'

import { type Settlement, settlementParameter } from './settlement.ts'

export type HashSettlementParameters = {
  /** Id of the job. */
  id: Hash
  settlement: Settlement
}

/** Returns the hash under which the market keeps a settlement in its job's slot. */
export function hashSettlement({ id, settlement }: HashSettlementParameters): Hash {
  return keccak256(
    encodeAbiParameters([{ type: 'bytes32' }, settlementParameter], [id, settlement]),
  )
}
