import { type Address, encodeAbiParameters, type Hash, type Hex, keccak256 } from 'viem'

const preimage = [
  { type: 'uint256', name: 'chainId' },
  { type: 'address', name: 'market' },
  { type: 'bytes32', name: 'id' },
  { type: 'address', name: 'operator' },
  { type: 'bytes32', name: 'outputHash' },
  { type: 'bytes32', name: 'evidenceHash' },
  { type: 'bytes32', name: 'salt' },
] as const

export type CommitmentOfParameters = {
  chainId: number
  /** Address of the `JobMarket`. */
  market: Address
  /** Id of the job. */
  id: Hash
  operator: Address
  /** keccak256 of the output bytes. */
  outputHash: Hash
  evidenceHash: Hash
  /** Secret until the reveal, so that an output can not be guessed from its commitment. */
  salt: Hex
}

/** Returns the sealed answer with which an operator holds the seat of a job. */
export function commitmentOf(parameters: CommitmentOfParameters): Hash {
  const { chainId, market, id, operator, outputHash, evidenceHash, salt } = parameters
  const values = [BigInt(chainId), market, id, operator, outputHash, evidenceHash, salt] as const
  return keccak256(encodeAbiParameters(preimage, values))
}
