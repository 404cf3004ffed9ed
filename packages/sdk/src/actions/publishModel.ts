import { type Method, modelIdOf, modelRegistryAbi, versionIdOf } from '@assay/protocol'
import { encodeFunctionData, type Hash, type Hex, zeroAddress, zeroHash } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type PublishModelParameters = WriteParameters & {
  /** Name of the model, for people. */
  name: string
  /** Makes the publisher's models differ; versions of one model share it. Zero by default. */
  salt?: Hex | undefined
  /** keccak256 of the manifest. */
  manifestHash: Hash
  /** Where the manifest is; may be empty. */
  manifestUri?: string | undefined
  /** Ways in which answers can be judged. */
  methods: readonly Method[]
}

export type PublishModelReturnType = {
  model: Hash
  version: Hash
  /** Transactions that were needed; none if the version was published before. */
  hashes: Hash[]
}

/**
 * Publishes a model version of the sender, and the model if it is new. What exists already is left as it is, so an
 * interrupted call can be repeated.
 *
 * @example
 * const { version } = await publishModel(client, { deployment, name: 'digits', manifestHash, methods })
 */
export async function publishModel(
  client: AssayClient,
  parameters: PublishModelParameters,
): Promise<PublishModelReturnType> {
  const { deployment, name, salt = zeroHash, manifestHash, manifestUri = '', methods } = parameters
  const { chainId, registry } = deployment
  const publisher = accountOf(client, parameters.account).address
  const contract = { abi: modelRegistryAbi, address: registry } as const
  const send = async (data: Hex) =>
    (await submit(client, { ...parameters, to: registry, data })).hash

  const model = modelIdOf({ chainId, registry, publisher, salt })
  const version = versionIdOf({ model, manifestHash, methods })
  const [owner, publishedUnder] = await Promise.all([
    readContract(client, { ...contract, functionName: 'publisherOf', args: [model] }),
    readContract(client, { ...contract, functionName: 'modelOf', args: [version] }),
  ])
  const hashes: Hash[] = []
  if (owner === zeroAddress) {
    const create = { ...contract, functionName: 'create', args: [salt, name] } as const
    hashes.push(await send(encodeFunctionData(create)))
  }
  if (publishedUnder === zeroHash) {
    const args = [model, manifestHash, manifestUri, methods] as const
    hashes.push(await send(encodeFunctionData({ ...contract, functionName: 'publish', args })))
  }
  return { model, version, hashes }
}
