import { loadCurve } from '@assay/crypto'
import { type Hex, hexToBytes } from 'viem'

import type { SignReceipt } from './createReceiptWriter.ts'

/** Creates what signs receipts by a private key, natively where that is possible. */
export async function createReceiptSigner(privateKey: Hex): Promise<SignReceipt> {
  const curve = await loadCurve()
  const key = hexToBytes(privateKey)
  return (id) => curve.sign(id, key)
}
