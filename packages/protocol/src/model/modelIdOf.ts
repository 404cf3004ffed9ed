import { type Address, encodeAbiParameters, type Hash, type Hex, keccak256 } from 'viem'

const preimage = [
  { type: 'uint256', name: 'chainId' },
  { type: 'address', name: 'registry' },
  { type: 'address', name: 'publisher' },
  { type: 'bytes32', name: 'salt' },
] as const

export type ModelIdOfParameters = {
  chainId: number
  /** Address of the `ModelRegistry`. */
  registry: Address
  /** Account that creates the model. */
  publisher: Address
  salt: Hex
}

/** Returns the id that a model will have once its publisher created it. */
export function modelIdOf({ chainId, registry, publisher, salt }: ModelIdOfParameters): Hash {
  return keccak256(encodeAbiParameters(preimage, [BigInt(chainId), registry, publisher, salt]))
}
