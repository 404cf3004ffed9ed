import { modelRegistryAbi } from '@assay/protocol'
import { type Hash, zeroHash } from 'viem'
import { readContract } from 'viem/actions'

import { VersionUnknownError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'

/** The contract takes stake and prices for any id: behind one that nobody published they would wait in vain. */
export async function needVersion(
  { client, deployment }: Pick<Scene, 'client' | 'deployment'>,
  version: Hash,
): Promise<void> {
  const model = await readContract(client, {
    abi: modelRegistryAbi,
    address: deployment.registry,
    functionName: 'modelOf',
    args: [version],
  })
  if (model === zeroHash) throw new VersionUnknownError(version)
}
