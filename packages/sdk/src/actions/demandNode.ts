import { type DemandProof, demandIdOf, tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'
import type { NodeParameters } from './supplyNode.ts'

export type DemandNodeParameters = NodeParameters & {
  /** What shows that the claim binds `hash` at `node`. */
  proof: DemandProof
}

export type DemandNodeReturnType = Submitted & { demandId: Hash }

/** Bonds, from the sender's balance with the tensor verifier, on the operator publishing a committed node. */
export async function demandNode(
  client: AssayClient,
  parameters: DemandNodeParameters,
): Promise<DemandNodeReturnType> {
  const { deployment, answer, node, hash, proof } = parameters
  const args = [...contextOf(parameters), node, hash, proof] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'demand', args })
  const submitted = await submit(client, { ...parameters, to: deployment.tensorVerifier, data })
  const demandId = demandIdOf({ source: deployment.market, claimId: answer.claimId, node, hash })
  return { ...submitted, demandId }
}
