import type { ReceiptDocument } from '@assay/protocol/http'
import { receiptIdOf, receiptTypedData, SignerMismatchError } from '@assay/protocol/receipt'
import { getReceiptSigner } from '@assay/sdk'
import { type Address, type Hash, isAddressEqual, recoverTypedDataAddress } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import { ReceiptMismatchError } from './errors.ts'
import { readReceiptFile } from './readReceiptFile.ts'

/** A receipt of the deployment's ledger, and who signed it. */
export type BoundReceipt = {
  id: Hash
  document: ReceiptDocument
  /** Undefined if nobody did. */
  signer: Address | undefined
  /** Whether the operator answers for what the signer signed then. */
  isBinding: boolean
}

type Place = Pick<Scene, 'client' | 'deployment'>

/** Finds out whether a receipt binds its operator. Throws `ReceiptMismatchError` for one of another chain or ledger. */
export async function bindReceipt(
  { client, deployment }: Place,
  document: ReceiptDocument,
): Promise<BoundReceipt> {
  const { chainId, ledger, receipt, signature } = document
  if (chainId !== deployment.chainId) {
    throw new ReceiptMismatchError('chain', String(chainId), String(deployment.chainId))
  }
  if (!isAddressEqual(ledger, deployment.ledger)) {
    throw new ReceiptMismatchError('ledger', ledger, deployment.ledger)
  }
  const { operator, issuedAt } = receipt
  const id = receiptIdOf({ chainId, ledger, receipt })
  const typed = receiptTypedData({ chainId, ledger, receipt })
  const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => undefined)
  if (signer === undefined) return { id, document, signer, isBinding: false }
  if (isAddressEqual(signer, operator)) return { id, document, signer, isBinding: true }
  const { until } = await getReceiptSigner(client, { deployment, operator, signer })
  return { id, document, signer, isBinding: issuedAt < until }
}

/** Reads a receipt that a penalty can be built on. Throws as `bindReceipt`, and `SignerMismatchError` for one that binds nobody. */
export async function readBoundReceipt(place: Place, file: string): Promise<BoundReceipt> {
  const { document } = await readReceiptFile(file)
  const bound = await bindReceipt(place, document)
  if (bound.isBinding) return bound
  throw new SignerMismatchError('receipt', bound.signer, [document.receipt.operator])
}
