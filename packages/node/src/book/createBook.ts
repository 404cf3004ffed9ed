import type { Deployment } from '@assay/protocol'
import type { Address, Hash, Hex } from 'viem'

import type { ChainLogEntry } from '../journal/createChainLog.ts'
import { applyAuditsEvent } from './applyAuditsEvent.ts'
import { applyLedgerEvent } from './applyLedgerEvent.ts'
import { applyMarketEvent } from './applyMarketEvent.ts'
import { applyStakingEvent } from './applyStakingEvent.ts'
import { applyVerifierEvent } from './applyVerifierEvent.ts'
import { decodeEntry, type FollowedContracts } from './decodeEntry.ts'
import { forgetSettled } from './forgetSettled.ts'
import type { EntryPlace, LedgerRecord } from './ledger.ts'
import type { AuditRecord, DemandRecord, JobRecord } from './records.ts'

/** What the events say, in memory: a pure function of the journal's chain log. */
export type BookState = {
  jobs: Map<Hash, JobRecord>
  /** Claim → job. */
  claims: Map<Hash, Hash>
  demands: Map<Hash, DemandRecord>
  audits: Map<Hash, AuditRecord>
  /** Base URL of each operator, by address. */
  endpoints: Map<Address, string>
  /** X25519 public key of each operator that has one, by address. */
  encryptionKeys: Map<Address, Hex>
  /** Operators that ever had active stake, by model version. */
  stakers: Map<Hash, Set<Address>>
  /** What an operator did in the receipt ledger, by its address; empty where no operator is followed. */
  ledgers: Map<Address, LedgerRecord>
}

export type BookParameters = {
  chainId: number
  contracts: FollowedContracts
  /** Model versions whose jobs are kept. */
  models: ReadonlySet<Hash>
  /** Operator whose batches, tabs and demands are kept. */
  operator: Address | undefined
}

/** The jobs that concern a daemon. */
export type Book = Readonly<BookState> & {
  /** Takes an event in; returns whether it concerns anything here. */
  apply: (entry: ChainLogEntry) => boolean
  /** Starts over from `entries`. */
  rebuild: (entries: readonly ChainLogEntry[]) => void
  /** Forgets a job, its claim, its demands and its audits. */
  forget: (id: Hash) => void
  /**
   * Forgets released batches that were settled before `before` (Unix time in seconds), demands that are over, and what other
   * events took the place of, as far as nothing about it happened since block `newest`; returns where these events are.
   */
  forgetSettled: (newest: bigint, before: bigint) => EntryPlace[]
}

export type CreateBookParameters = {
  deployment: Deployment
  models: readonly Hash[]
  /** Operator whose batches, tabs and demands are kept; none by default. */
  operator?: Address | undefined
}

/** Creates an empty book. */
export function createBook({ deployment, models, operator }: CreateBookParameters): Book {
  const parameters = {
    chainId: deployment.chainId,
    contracts: deployment,
    models: new Set(models),
    operator,
  }
  const state: BookState = {
    jobs: new Map(),
    claims: new Map(),
    demands: new Map(),
    audits: new Map(),
    endpoints: new Map(),
    encryptionKeys: new Map(),
    stakers: new Map(),
    ledgers: new Map(),
  }

  function apply(entry: ChainLogEntry) {
    const decoded = decodeEntry(entry, parameters.contracts)
    switch (decoded?.contract) {
      case 'market':
        return applyMarketEvent(state, parameters, { entry, event: decoded.event })
      case 'staking':
        return applyStakingEvent(state, parameters, decoded.event)
      case 'verifier':
        return applyVerifierEvent(state, parameters, { entry, event: decoded.event })
      case 'audits':
        return applyAuditsEvent(state, parameters, { entry, event: decoded.event })
      case 'ledger':
        return applyLedgerEvent(state, parameters, { entry, event: decoded.event })
      case undefined:
        return false
    }
  }

  function forget(id: Hash) {
    const answer = state.jobs.get(id)?.answer
    if (answer !== undefined) state.claims.delete(answer.claimId)
    for (const demand of state.demands.values()) {
      if (demand.jobId === id) state.demands.delete(demand.id)
    }
    for (const audit of state.audits.values()) {
      if (audit.order.jobId === id) state.audits.delete(audit.id)
    }
    state.jobs.delete(id)
  }

  return {
    ...state,
    apply,
    forget,
    forgetSettled: (newest, before) =>
      [...state.ledgers.values()].flatMap((record) => forgetSettled(record, newest, before)),
    rebuild(entries) {
      for (const map of Object.values(state)) map.clear()
      for (const entry of entries) apply(entry)
    },
  }
}
