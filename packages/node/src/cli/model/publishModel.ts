import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publishModel as publish } from '@assay/sdk'
import { methodOf, weightBytes } from '@assay/tensor'
import { type Hash, keccak256 } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { openModel } from './openModel.ts'
import { storeWeights } from './storeWeights.ts'

export type PublishCommandOptions = ChainOptions & {
  name: string
  salt?: Hash
  manifestUri?: string
  weights?: true
}

/** Publishes the model in a folder, disputable by the tensor verifier. */
export async function publishModel(
  scene: Scene,
  options: PublishCommandOptions & { folder: string },
): Promise<Report> {
  const { client, deployment } = scene
  const { folder, name, salt, manifestUri } = options
  const publisher = scene.account().address
  const { program } = await openModel(folder)
  const manifest = await readFile(join(folder, 'manifest.json'))
  const { model, version, hashes } = await publish(client, {
    ...{ deployment, name, salt, manifestUri },
    manifestHash: keccak256(manifest),
    methods: [methodOf(program, deployment.tensorVerifier)],
  })
  const stored =
    options.weights === true
      ? await storeWeights(scene, { folder, weights: weightBytes(program) })
      : undefined
  const isNew = hashes.length > 0
  return {
    lines: [
      `model     ${model}`,
      `version   ${version}`,
      `publisher ${publisher}`,
      ...(stored === undefined ? [] : [`weights   ${stored.addresses.join(' ')}`]),
      isNew
        ? hashes.map((hash) => `transaction ${hash}`).join('\n')
        : 'published before; nothing was sent',
    ],
    data: {
      ...{ model, version, publisher, root: program.tree.root, isNew, transactions: hashes },
      weights: stored?.addresses ?? null,
      newWeights: stored?.count ?? 0,
    },
  }
}
