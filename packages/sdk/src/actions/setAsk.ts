import { operatorStakingAbi } from '@assay/protocol'
import { encodeFunctionData, type Hash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type SetAskParameters = WriteParameters & {
  /** Model version that is served. */
  model: Hash
  /** Token units asked per request. */
  price: bigint
  /** Whether it is served at all; true by default. */
  serving?: boolean | undefined
}

/** States what the sender asks for one request of a model version. */
export async function setAsk(
  client: AssayClient,
  parameters: SetAskParameters,
): Promise<Submitted> {
  const { deployment, model, price, serving = true } = parameters
  const args = [model, price, serving] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'setAsk', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
