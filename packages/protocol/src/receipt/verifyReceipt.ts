import { type Address, type Hash, type Hex, isAddressEqual, recoverAddress } from 'viem'

import type { Claim } from '../claim/claim.ts'
import { hashClaim } from '../claim/hashClaim.ts'
import { ReceiptClaimError, ReceiptFieldError, SignerMismatchError } from './errors.ts'
import type { Receipt } from './receipt.ts'
import { receiptIdOf } from './receiptIdOf.ts'
import type { ReceiptTypedDataParameters } from './typedData.ts'

export type VerifyReceiptParameters = ReceiptTypedDataParameters & {
  signature: Hex
  /** Signers of the operator that bind it at `issuedAt`, from `ReceiptLedger.signerUntil`; none by default. */
  signers?: readonly Address[]
  /** What the answer claims; left out where only the payment is of interest. */
  claim?: Claim
  /** Last receipt of the channel; left out if there is none or it is not known. */
  previous?: Receipt
  /** Returns who signed a digest; undefined, or throws, for no signature. viem's by default; native code is many times faster. */
  recover?: (digest: Hash, signature: Hex) => Address | undefined | Promise<Address | undefined>
}

/**
 * Checks a receipt without a chain: who signed it, that it holds the claim, that it follows the previous one. Throws
 * `SignerMismatchError`, `ReceiptClaimError` or `ReceiptFieldError`.
 *
 * @example
 * await verifyReceipt({ chainId: 31337, ledger, receipt, signature, claim })
 */
export async function verifyReceipt(parameters: VerifyReceiptParameters): Promise<void> {
  const { signature, signers = [], claim, previous, recover, ...signed } = parameters
  const { receipt } = signed
  const allowed = [receipt.operator, ...signers]
  const signer = await signerOf(receiptIdOf(signed), signature, recover)
  if (signer === undefined || !allowed.some((address) => isAddressEqual(address, signer))) {
    throw new SignerMismatchError('receipt', signer, allowed)
  }
  if (claim !== undefined) requireClaim(receipt, claim)
  if (previous !== undefined) requireSuccessor(receipt, previous)
  if (receipt.cumulativeFee < receipt.fee) {
    throw new ReceiptFieldError('cumulativeFee', receipt.cumulativeFee, `at least ${receipt.fee}`)
  }
}

async function signerOf(
  hash: Hash,
  signature: Hex,
  recover: VerifyReceiptParameters['recover'] = (digest, signed) =>
    recoverAddress({ hash: digest, signature: signed }),
) {
  try {
    return await recover(hash, signature)
  } catch {
    return undefined
  }
}

function requireClaim(receipt: Receipt, claim: Claim) {
  const expected = hashClaim(claim)
  if (receipt.claimHash.toLowerCase() !== expected) {
    throw new ReceiptClaimError(receipt.claimHash, expected)
  }
  if (!isAddressEqual(claim.operator, receipt.operator)) {
    throw new ReceiptFieldError('operator', receipt.operator, claim.operator)
  }
}

function requireSuccessor(receipt: Receipt, previous: Receipt) {
  for (const field of ['payer', 'operator'] as const) {
    if (!isAddressEqual(receipt[field], previous[field])) {
      throw new ReceiptFieldError(field, receipt[field], previous[field])
    }
  }
  const expected = {
    sequence: previous.sequence + 1n,
    cumulativeFee: previous.cumulativeFee + receipt.fee,
  }
  for (const field of ['sequence', 'cumulativeFee'] as const) {
    if (receipt[field] !== expected[field]) {
      throw new ReceiptFieldError(field, receipt[field], expected[field])
    }
  }
}
