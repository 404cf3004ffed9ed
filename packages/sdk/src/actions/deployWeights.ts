import { weightChunks, weightInitCode } from '@assay/protocol'
import type { Address } from 'viem'

import type { AssayClient, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type DeployWeightsParameters = WriteParameters & {
  /** All weight rows of the program, in order. */
  weights: Uint8Array
}

/**
 * Puts weights on-chain as contract code, for `executeProgram` and `evaluateProgram`.
 *
 * @example
 * const addresses = await deployWeights(client, { deployment, weights })
 */
export async function deployWeights(
  client: AssayClient,
  parameters: DeployWeightsParameters,
): Promise<Address[]> {
  const { weights } = parameters
  const addresses: Address[] = []
  for (const chunk of weightChunks(weights)) {
    const { receipt } = await submit(client, { ...parameters, data: weightInitCode(chunk) })
    // A successful creation always names its contract.
    addresses.push(receipt.contractAddress!)
  }
  return addresses
}
