import { type Node, tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash, type Hex } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'
import type { JobAnswer } from '../job/jobRecord.ts'

export type NodeParameters = WriteParameters & {
  /** The answer that the demand is about: see `getJob`. */
  answer: Pick<JobAnswer, 'settlement' | 'claim' | 'claimId'>
  node: Node
  /** Root or leaf hash of the node. */
  hash: Hash
}

export type SupplyNodeParameters = NodeParameters & {
  /** All leaf hashes, or the data of the leaf. */
  data: Hex
}

/** Publishes what was demanded; the bond goes to the claim's operator, whoever supplies. */
export async function supplyNode(
  client: AssayClient,
  parameters: SupplyNodeParameters,
): Promise<Submitted> {
  const { deployment, node, hash } = parameters
  const args = [...contextOf(parameters), node, hash, parameters.data] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'supply', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
