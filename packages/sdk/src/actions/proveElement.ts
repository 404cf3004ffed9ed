import { type ElementProof, tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { type ChallengeParameters, contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'

export type ProveElementParameters = ChallengeParameters & { proof: ElementProof }

/** Refutes an answer by one element that is not what its inputs and weights compute to. */
export async function proveElement(
  client: AssayClient,
  parameters: ProveElementParameters,
): Promise<Submitted> {
  const { deployment, proof } = parameters
  const args = [...contextOf(parameters), proof] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'prove', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
