import { demandStatuses, tensorVerifierAbi } from '@assay/protocol'
import type { Address, Hash } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'

export type GetDemandParameters = ReadParameters & { demandId: Hash }

export type GetDemandReturnType = {
  status: (typeof demandStatuses)[number]
  demander: Address
  /** End of the supply window in Unix seconds while open, else when it ended. */
  time: bigint
}

/** Returns where a demand stands. */
export async function getDemand(
  client: AssayClient,
  parameters: GetDemandParameters,
): Promise<GetDemandReturnType> {
  const { deployment, demandId } = parameters
  const [code, demander, time] = await readContract(client, {
    abi: tensorVerifierAbi,
    address: deployment.tensorVerifier,
    functionName: 'demandOf',
    args: [demandId],
  })
  return { status: demandStatuses[code] ?? 'None', demander, time }
}
