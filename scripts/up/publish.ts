import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Deployment } from '@assay/protocol'
import { deployWeights, publishModel } from '@assay/sdk'
import { methodOf, type Program, weightBytes } from '@assay/tensor'
import { type Address, type Hash, keccak256 } from 'viem'

import type { Player } from './cast.ts'

export type Published = {
  version: Hash
  /** Contracts that hold the weights. */
  weights: Address[]
}

/** Publishes the program in `folder`, disputable by the tensor verifier, and puts its weights on-chain. */
export async function publish(
  publisher: Player,
  deployment: Deployment,
  program: Program,
  folder: string,
): Promise<Published> {
  const manifest = await readFile(join(folder, 'model.json'))
  const { version } = await publishModel(publisher.client, {
    deployment,
    name: 'digits',
    manifestHash: keccak256(manifest),
    methods: [methodOf(program, deployment.tensorVerifier)],
  })
  const weights = await deployWeights(publisher.client, {
    deployment,
    weights: weightBytes(program),
  })
  return { version, weights }
}
