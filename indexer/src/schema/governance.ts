import { onchainTable } from 'ponder'

import { place } from './columns.ts'

export const parameterSet = onchainTable('parameter_set', (t) => ({
  id: t.integer().primaryKey(),
  protocolFeePpm: t.bigint().notNull(),
  stakeRatioPpm: t.bigint().notNull(),
  commitBondPpm: t.bigint().notNull(),
  seatSeconds: t.bigint().notNull(),
  stakeFloor: t.bigint().notNull(),
  ...place(t),
}))

/** What governance did: a parameter set, a pause, a verifier approved or tombstoned, another authority. */
export const governanceChange = onchainTable('governance_change', (t) => ({
  id: t.text().primaryKey(),
  event: t.text().notNull(),
  args: t.json().notNull(),
  ...place(t),
}))

/** State of the market that is not a job's. */
export const market = onchainTable('market', (t) => ({
  address: t.hex().primaryKey(),
  currentParametersId: t.integer().notNull(),
  requestsPaused: t.boolean().notNull(),
  /** Earned and not collected: `JobMarket.protocolFees` and what waits in the operators' exposures to be swept there. */
  protocolFees: t.bigint().notNull(),
}))
