import { type Address, encodeAbiParameters, getAbiItem, type Hash, keccak256 } from 'viem'

import { tensorVerifierAbi } from '../abi/tensorVerifierAbi.ts'
import type { Node } from './proof.ts'

const preimage = getAbiItem({ abi: tensorVerifierAbi, name: 'demandId' }).inputs

export type DemandIdOfParameters = {
  /** Contract that the claim comes from: the `JobMarket`. */
  source: Address
  claimId: Hash
  node: Node
  /** Root or leaf hash of the node. */
  hash: Hash
}

/** Returns the id under which the verifier keeps a demand. */
export function demandIdOf(parameters: DemandIdOfParameters): Hash {
  const { source, claimId, node, hash } = parameters
  return keccak256(encodeAbiParameters(preimage, [source, claimId, node, hash]))
}
