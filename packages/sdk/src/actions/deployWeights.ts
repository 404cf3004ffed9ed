import { type Address, bytesToHex, concatHex, type Hex, numberToHex } from 'viem'

import type { AssayClient, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type DeployWeightsParameters = WriteParameters & {
  /** All weight rows of the program, in order. */
  weights: Uint8Array
}

/** Contract code is limited to 24,576 bytes (EIP-170), of which the first one here stops whoever calls it. */
const chunkSize = 24_575

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
  for (let start = 0; start < weights.length; start += chunkSize) {
    const chunk = bytesToHex(weights.subarray(start, start + chunkSize))
    const { receipt } = await submit(client, { ...parameters, data: creationCodeOf(chunk) })
    // A successful creation always names its contract.
    addresses.push(receipt.contractAddress!)
  }
  return addresses
}

/** PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: returns what follows, after a STOP. */
function creationCodeOf(chunk: Hex) {
  const code = concatHex(['0x00', chunk])
  const size = numberToHex((code.length - 2) / 2, { size: 2 })
  return concatHex(['0x61', size, '0x80600a3d393df3', code])
}
