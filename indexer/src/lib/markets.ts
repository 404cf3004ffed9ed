import { market } from 'ponder:schema'
import type { Address } from 'viem'

import type { Db } from './on.ts'

export type MarketChange = {
  currentParametersId?: number
  requestsPaused?: boolean
  /** Added to what the protocol earned and did not collect. */
  protocolFees?: bigint
}

/** Changes the state of a market that is not a job's. */
export async function changeMarket(db: Db, address: Address, change: MarketChange): Promise<void> {
  const { protocolFees = 0n, ...set } = change
  await db
    .insert(market)
    .values({ address, currentParametersId: 0, requestsPaused: false, ...set, protocolFees })
    .onConflictDoUpdate((row) => ({ ...set, protocolFees: row.protocolFees + protocolFees }))
}
