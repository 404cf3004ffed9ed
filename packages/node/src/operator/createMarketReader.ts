import {
  type Deployment,
  jobMarketAbi,
  modelRegistryAbi,
  operatorStakingAbi,
  type Parameters,
} from '@assay/protocol'
import type { Address, Hash, PublicClient } from 'viem'

/** Stake of one operator on one model version, and of everybody. */
export type Stake = {
  active: bigint
  /** All active stake on the model version. */
  total: bigint
  reserved: bigint
  /** Tokens earned and not yet collected. */
  earned: bigint
  pending: bigint
  /** Unix time in seconds from which `pending` may be activated. */
  activeAt: bigint
}

export type StakeOfParameters = { model: Hash; operator: Address; blockNumber: bigint }

/** What an operator reads of the contracts; what never changes is read once. */
export type MarketReader = {
  parameters: (id: number) => Promise<Parameters>
  /** Root under which a verifier judges a model version; zero if it does not. */
  rootOf: (model: Hash, verifier: Address) => Promise<Hash>
  stakeOf: (parameters: StakeOfParameters) => Promise<Stake>
}

export type CreateMarketReaderParameters = { client: PublicClient; deployment: Deployment }

export function createMarketReader(parameters: CreateMarketReaderParameters): MarketReader {
  const { client, deployment } = parameters
  const market = { address: deployment.market, abi: jobMarketAbi } as const
  const staking = { address: deployment.staking, abi: operatorStakingAbi } as const
  const registry = { address: deployment.registry, abi: modelRegistryAbi } as const
  return {
    parameters: remember(String, (id: number) =>
      client.readContract({ ...market, functionName: 'parametersOf', args: [id] }),
    ),
    rootOf: remember(
      (model: Hash, verifier: Address) => `${model}${verifier}`,
      (model, verifier) =>
        client.readContract({ ...registry, functionName: 'rootOf', args: [model, verifier] }),
    ),
    async stakeOf({ model, operator, blockNumber }) {
      const at = { blockNumber }
      const key = [deployment.market, model] as const
      const [allocation, total, exposure] = await Promise.all([
        client.readContract({
          ...{ ...staking, ...at },
          functionName: 'allocationOf',
          args: [...key, operator],
        }),
        client.readContract({ ...staking, ...at, functionName: 'totalActive', args: key }),
        client.readContract({
          ...{ ...market, ...at },
          functionName: 'exposureOf',
          args: [model, operator],
        }),
      ])
      const { active, pending, activeAt } = allocation
      return { active, pending, activeAt, total, ...exposure }
    },
  }
}

/** Keeps what `read` found, but not that it failed. */
function remember<parameters extends unknown[], result>(
  keyOf: (...values: parameters) => string,
  read: (...values: parameters) => Promise<result>,
) {
  const known = new Map<string, result>()
  return async (...values: parameters): Promise<result> => {
    const key = keyOf(...values)
    const result = known.get(key) ?? (await read(...values))
    known.set(key, result)
    return result
  }
}
