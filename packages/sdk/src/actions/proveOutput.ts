import { type OperatorOpening, type TensorOpening, tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData, type Hex } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { type ChallengeParameters, contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'

export type ProveOutputParameters = ChallengeParameters & {
  /** Opening of the last operator. */
  last: OperatorOpening
  /** Opening of the last tensor's root in the trace. */
  tensor: TensorOpening
  /** Rows of the last tensor, as committed. */
  output: Hex
}

/** Refutes an answer whose trace ends in another output than it claims. */
export async function proveOutput(
  client: AssayClient,
  parameters: ProveOutputParameters,
): Promise<Submitted> {
  const { deployment, last, tensor, output } = parameters
  const args = [...contextOf(parameters), last, tensor, output] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'proveOutput', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
