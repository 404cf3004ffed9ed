import { type Address, type Hex, keccak256, toHex } from 'viem'

import { deployCore, viem } from '../fixtures.ts'

export const salt = keccak256(toHex('salt'))
export const manifestHash = keccak256(toHex('manifest'))
export const manifestUri = 'ipfs://manifest'

/** A method that `HashVerifier` accepts. */
export function method(verifier: Address, data: Hex) {
  return { verifier, root: keccak256(data), data }
}

/** `deployCore`, an approved verifier, and a model without versions. */
export async function deployModel() {
  const core = await deployCore()
  const { registry, admin, publisher } = core
  const verifier = await viem.deployContract('HashVerifier')
  await registry.write.approveVerifier([verifier.address], { account: admin })
  await registry.write.create([salt, 'model'], { account: publisher })
  return { ...core, verifier, model: await registry.read.modelId([publisher, salt]) }
}

/** `deployModel` and a version that the verifier judges under `root`. */
export async function deployVersion() {
  const core = await deployModel()
  const { registry, verifier, model, publisher } = core
  const methods = [method(verifier.address, '0xc0de')]
  await registry.write.publish([model, manifestHash, manifestUri, methods], { account: publisher })
  const version = await registry.read.versionId([model, manifestHash, methods])
  return { ...core, version, root: methods[0]!.root }
}
