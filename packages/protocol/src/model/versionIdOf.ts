import { encodeAbiParameters, getAbiItem, type Hash, keccak256 } from 'viem'

import { modelRegistryAbi } from '../abi/modelRegistryAbi.ts'
import type { Method } from './method.ts'

const [modelId, manifestHash, , methods] = getAbiItem({
  abi: modelRegistryAbi,
  name: 'publish',
}).inputs

export type VersionIdOfParameters = {
  /** Id of the model. */
  model: Hash
  /** keccak256 of the manifest. */
  manifestHash: Hash
  /** In the order in which they are published. */
  methods: readonly Method[]
}

/** Returns the id of a model version, which is a hash of its content. */
export function versionIdOf(parameters: VersionIdOfParameters): Hash {
  const methodsHash = keccak256(encodeAbiParameters([methods], [parameters.methods]))
  const values = [parameters.model, parameters.manifestHash, methodsHash] as const
  return keccak256(encodeAbiParameters([modelId, manifestHash, { type: 'bytes32' }], values))
}
