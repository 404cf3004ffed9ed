import { tensorVerifierAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hex, parseEventLogs } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { type ChallengeParameters, contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'

export type ExecuteProgramParameters = ChallengeParameters & {
  /** All leaves of the program tree. */
  descriptors: readonly Hex[]
  /** Contracts that hold the weights: see `deployWeights`. */
  weights: readonly Address[]
  /** Rows of the input, concatenated. */
  input: Hex
}

export type ExecuteProgramReturnType = Submitted & {
  /** False if the answer was right after all, which then still stands. */
  isRefuted: boolean
}

/** Runs a small model whole on-chain and refutes an answer that it does not give. */
export async function executeProgram(
  client: AssayClient,
  parameters: ExecuteProgramParameters,
): Promise<ExecuteProgramReturnType> {
  const { deployment, descriptors, weights, input } = parameters
  const args = [...contextOf(parameters), descriptors, weights, input] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'execute', args })
  const submitted = await submit(client, { ...parameters, to: deployment.tensorVerifier, data })
  const refutations = parseEventLogs({
    abi: tensorVerifierAbi,
    eventName: 'ExecutionRefuted',
    logs: submitted.receipt.logs,
  })
  return { ...submitted, isRefuted: refutations.length > 0 }
}
