import {
  auditsAbi,
  type Deployment,
  jobMarketAbi,
  operatorStakingAbi,
  receiptLedgerAbi,
  tensorVerifierAbi,
} from '@assay/protocol'
import { type DecodeEventLogReturnType, decodeEventLog } from 'viem'

import type { ChainLogEntry } from '../journal/createChainLog.ts'

/** Contracts whose events the daemons follow. */
export type FollowedContracts = Pick<
  Deployment,
  'market' | 'staking' | 'tensorVerifier' | 'audits' | 'ledger'
>

type NamedEvent<event> = event extends { eventName: string } ? event : never

export type MarketEvent = NamedEvent<DecodeEventLogReturnType<typeof jobMarketAbi>>
export type StakingEvent = NamedEvent<DecodeEventLogReturnType<typeof operatorStakingAbi>>
export type AuditsEvent = NamedEvent<DecodeEventLogReturnType<typeof auditsAbi>>
export type LedgerEvent = NamedEvent<DecodeEventLogReturnType<typeof receiptLedgerAbi>>
export type VerifierEvent = NamedEvent<DecodeEventLogReturnType<typeof tensorVerifierAbi>>

/** An event, and which contract emitted it. */
export type DecodedEntry =
  | { contract: 'market'; event: MarketEvent }
  | { contract: 'staking'; event: StakingEvent }
  | { contract: 'verifier'; event: VerifierEvent }
  | { contract: 'audits'; event: AuditsEvent }
  | { contract: 'ledger'; event: LedgerEvent }

/** Decodes an event; nothing for one that no ABI here knows. */
export function decodeEntry(
  entry: ChainLogEntry,
  contracts: FollowedContracts,
): DecodedEntry | undefined {
  const { address, topics, data } = entry
  const isFrom = (contract: string) => contract.toLowerCase() === address
  try {
    if (isFrom(contracts.market)) {
      const event = decodeEventLog({ abi: jobMarketAbi, topics, data })
      return { contract: 'market', event: event as MarketEvent }
    }
    if (isFrom(contracts.staking)) {
      const event = decodeEventLog({ abi: operatorStakingAbi, topics, data })
      return { contract: 'staking', event: event as StakingEvent }
    }
    if (isFrom(contracts.tensorVerifier)) {
      const event = decodeEventLog({ abi: tensorVerifierAbi, topics, data })
      return { contract: 'verifier', event: event as VerifierEvent }
    }
    if (isFrom(contracts.audits)) {
      const event = decodeEventLog({ abi: auditsAbi, topics, data })
      return { contract: 'audits', event: event as AuditsEvent }
    }
    if (isFrom(contracts.ledger)) {
      const event = decodeEventLog({ abi: receiptLedgerAbi, topics, data })
      return { contract: 'ledger', event: event as LedgerEvent }
    }
  } catch {
    return undefined
  }
  return undefined
}
