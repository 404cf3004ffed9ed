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
