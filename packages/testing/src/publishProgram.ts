import { deployWeights, publishModel } from '@assay/sdk'
import { methodOf, type Program, weightBytes } from '@assay/tensor'
import { bytesToHex, keccak256, toHex } from 'viem'

import type { Suite } from './deploySuite.ts'

/** Publishes an exact model as the suite's publisher, with its weights on-chain. */
export async function publishProgram(suite: Suite, program: Program) {
  const { deployment, actors } = suite
  const descriptors = program.descriptors.map((descriptor) => bytesToHex(descriptor))
  const weights = weightBytes(program)
  const { model, version } = await publishModel(actors.publisher, {
    deployment,
    name: 'test model',
    manifestHash: keccak256(toHex('manifest')),
    methods: [methodOf(program, deployment.tensorVerifier)],
  })
  const weightContracts = await deployWeights(actors.publisher, { deployment, weights })
  return { model, version, descriptors, weightContracts }
}
