import { activateStake, allocateStake, depositStake } from '@assay/sdk'
import type { NetworkHelpers } from '@nomicfoundation/hardhat-network-helpers/types'
import type { Address, Hash } from 'viem'

import type { ActorName, Suite } from './deploySuite.ts'

export type StakeOnParameters = {
  /** Model version to back. */
  model: Hash
  operators: readonly ActorName[]
  /** Contract that may slash it; the market by default. */
  source?: Address
  /** Tokens of each. */
  amount: bigint
}

/** Gives operators active stake on a model version; the clock moves past the activation delay. */
export async function stakeOn(
  suite: Suite,
  networkHelpers: NetworkHelpers,
  { model, operators, amount, source = suite.deployment.market }: StakeOnParameters,
) {
  const { deployment, actors, terms } = suite
  for (const name of operators) {
    await depositStake(actors[name], { deployment, amount })
    await allocateStake(actors[name], { deployment, model, source, amount })
  }
  await networkHelpers.time.increase(terms.activationDelay)
  for (const name of operators) await activateStake(actors[name], { deployment, model, source })
}
