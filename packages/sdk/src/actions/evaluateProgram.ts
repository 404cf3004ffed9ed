import { tensorVerifierAbi } from '@assay/protocol'
import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'

export type EvaluateProgramParameters = ReadParameters & {
  /** All leaves of the program tree. */
  descriptors: readonly Hex[]
  /** Contracts that hold the weights: see `deployWeights`. */
  weights: readonly Address[]
  /** Rows of the input, concatenated. */
  input: Hex
}

/** Runs a small model whole on-chain, as a free call, and returns its output. */
export async function evaluateProgram(
  client: AssayClient,
  parameters: EvaluateProgramParameters,
): Promise<Hex> {
  const { deployment, descriptors, weights, input } = parameters
  return readContract(client, {
    abi: tensorVerifierAbi,
    address: deployment.tensorVerifier,
    functionName: 'evaluate',
    args: [descriptors, weights, input],
  })
}
