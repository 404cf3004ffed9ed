import { tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'
import type { NodeParameters } from './supplyNode.ts'

export type TimeoutDemandParameters = NodeParameters

/** Refutes an answer because a demanded node was not supplied in time; the demander is the refuter. Anybody may. */
export async function timeoutDemand(
  client: AssayClient,
  parameters: TimeoutDemandParameters,
): Promise<Submitted> {
  const { deployment, node, hash } = parameters
  const args = [...contextOf(parameters), node, hash] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'timeout', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
