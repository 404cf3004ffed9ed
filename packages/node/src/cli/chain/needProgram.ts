import { modelRegistryAbi } from '@assay/protocol'
import type { Program } from '@assay/tensor'
import { type Hash, zeroHash } from 'viem'
import { readContract } from 'viem/actions'

import type { Connection } from './connect.ts'
import { VersionMismatchError, VersionUnknownError } from './errors.ts'

/** Sees that a model version was published for a program. */
export async function needProgram(
  { client, deployment }: Connection,
  version: Hash,
  program: Program,
): Promise<void> {
  const root = await readContract(client, {
    abi: modelRegistryAbi,
    address: deployment.registry,
    functionName: 'rootOf',
    args: [version, deployment.tensorVerifier],
  })
  if (root === zeroHash) throw new VersionUnknownError(version)
  if (root !== program.tree.root) throw new VersionMismatchError(version, program.tree.root, root)
}
