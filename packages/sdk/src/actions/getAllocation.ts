import { operatorStakingAbi } from '@assay/protocol'
import type { Address, Hash } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'

export type GetAllocationParameters = ReadParameters & {
  model: Hash
  /** Whose stake; the client's account by default. */
  operator?: Address | undefined
  /** Contract that may slash it; the market by default. */
  source?: Address | undefined
}

/** Returns the stake that an operator put behind a model version. */
export async function getAllocation(client: AssayClient, parameters: GetAllocationParameters) {
  const { deployment, model, source = deployment.market } = parameters
  const operator = parameters.operator ?? accountOf(client).address
  return readContract(client, {
    abi: operatorStakingAbi,
    address: deployment.staking,
    functionName: 'allocationOf',
    args: [source, model, operator],
  })
}
