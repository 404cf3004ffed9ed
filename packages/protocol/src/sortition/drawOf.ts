import { type Address, encodeAbiParameters, type Hash, keccak256 } from 'viem'

export type DrawOfParameters = {
  /** Hash of the block after the one that holds the request. */
  seed: Hash
  operator: Address
}

/** Returns the operator's draw `u` for a seed; never zero. */
export function drawOf({ seed, operator }: DrawOfParameters): bigint {
  const preimage = encodeAbiParameters([{ type: 'bytes32' }, { type: 'address' }], [seed, operator])
  return BigInt(keccak256(preimage)) || 1n
}
