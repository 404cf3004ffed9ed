import { type Hash, hashTypedData } from 'viem'

import { type ReceiptTypedDataParameters, receiptTypedData } from './typedData.ts'

/**
 * Returns the id of a receipt: its EIP-712 digest, which is what is signed and what is a leaf of a batch.
 *
 * @example
 * const id = receiptIdOf({ chainId: 31337, ledger, receipt })
 * // "0x9a1f…"
 */
export function receiptIdOf(parameters: ReceiptTypedDataParameters): Hash {
  return hashTypedData(receiptTypedData(parameters))
}
