import {
  type OperatorOpening,
  type RowOpening,
  type TensorOpening,
  tensorVerifierAbi,
} from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { type ChallengeParameters, contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'

export type ProveRowParameters = ChallengeParameters & {
  /** Opening of the operator that produces the row. */
  operator: OperatorOpening
  tensor: TensorOpening
  row: RowOpening
}

/** Refutes an answer that commits to a row of another length than its operator produces. */
export async function proveRow(
  client: AssayClient,
  parameters: ProveRowParameters,
): Promise<Submitted> {
  const { deployment, operator, tensor, row } = parameters
  const args = [...contextOf(parameters), operator, tensor, row] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'proveRow', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
