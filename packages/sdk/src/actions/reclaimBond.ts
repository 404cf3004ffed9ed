import { tensorVerifierAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted } from '../client.ts'
import { contextOf } from '../internal/contextOf.ts'
import { submit } from '../internal/submit.ts'
import type { NodeParameters } from './supplyNode.ts'

export type ReclaimBondParameters = NodeParameters

/** Returns the bond of an open demand whose claim was refuted in another way. Anybody may. */
export async function reclaimBond(
  client: AssayClient,
  parameters: ReclaimBondParameters,
): Promise<Submitted> {
  const { deployment, node, hash } = parameters
  const args = [...contextOf(parameters), node, hash] as const
  const data = encodeFunctionData({ abi: tensorVerifierAbi, functionName: 'reclaim', args })
  return submit(client, { ...parameters, to: deployment.tensorVerifier, data })
}
