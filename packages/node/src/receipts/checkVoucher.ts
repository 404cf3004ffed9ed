import type { SignedVoucher } from '@assay/protocol/http'
import {
  SessionKeyError,
  SignerMismatchError,
  sessionTypedData,
  verifyVoucher,
  voucherTypedData,
} from '@assay/protocol/receipt'
import {
  type Address,
  type Hash,
  type Hex,
  hashTypedData,
  isAddressEqual,
  recoverAddress,
  size,
  slice,
} from 'viem'

import { VoucherRefusedError } from './errors.ts'

export type CheckVoucherParameters = {
  chainId: number
  ledger: Address
  operator: Address
  voucher: SignedVoucher
  /** Unix time in seconds at which it must still be good. */
  timestamp: bigint
  /** Whether a contract says that it signed `digest` (ERC-1271). */
  isSignedByContract: (account: Address, digest: Hash, signature: Hex) => Promise<boolean>
}

/** How a voucher is signed: by the payer's key or a session key, or by the payer as a contract. */
export type VoucherSigner = { isContract: boolean }

/**
 * Checks that the ledger would take a voucher's signatures at `timestamp`. Throws `VoucherRefusedError` with the code
 * `voucher_invalid` or `voucher_expiring`.
 */
export async function checkVoucher(parameters: CheckVoucherParameters): Promise<VoucherSigner> {
  const { operator, voucher, timestamp } = parameters
  if (!isAddressEqual(voucher.operator, operator)) {
    throw refusal(`The voucher is for ${voucher.operator}, not for ${operator}.`)
  }
  const { session } = voucher
  if (session !== undefined && session.expiry <= timestamp) {
    const reason = `The voucher's session key expires at ${session.expiry}, too soon to collect.`
    throw new VoucherRefusedError('voucher_expiring', reason)
  }
  try {
    await checkKeys(parameters)
    return { isContract: false }
  } catch (error) {
    if (error instanceof SessionKeyError) throw refusal(error.message, error)
    if (!(error instanceof SignerMismatchError)) throw error
    if (await isConsent(parameters)) return { isContract: session === undefined }
    throw refusal(error.message, error)
  }
}

async function checkKeys({ chainId, ledger, voucher: signed, timestamp }: CheckVoucherParameters) {
  const { signature, session, ...voucher } = signed
  const keys = { chainId, ledger, voucher, timestamp, signature: requireLow(signature) }
  if (session !== undefined) requireLow(session.signature)
  await verifyVoucher(session === undefined ? keys : { ...keys, session })
}

/** Whether a payer that is a contract consents: to the session key, whose own signature is checked, or to the voucher. */
async function isConsent(parameters: CheckVoucherParameters): Promise<boolean> {
  const { chainId, ledger, voucher: signed, isSignedByContract } = parameters
  const { signature, session, ...voucher } = signed
  const digest = hashTypedData(voucherTypedData({ chainId, ledger, voucher }))
  if (session === undefined) return isSignedByContract(voucher.payer, digest, signature)
  if (!(await isSignedBy(session.key, digest, signature))) return false
  const { signature: consent, ...key } = session
  const keyDigest = hashTypedData(sessionTypedData({ chainId, ledger, session: key }))
  return isSignedByContract(voucher.payer, keyDigest, consent)
}

async function isSignedBy(key: Address, digest: Hash, signature: Hex): Promise<boolean> {
  try {
    return isAddressEqual(
      await recoverAddress({ hash: digest, signature: requireLow(signature) }),
      key,
    )
  } catch {
    return false
  }
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** The ledger takes no signature with the greater of the two possible values of `s`. */
function requireLow(signature: Hex): Hex {
  if (size(signature) === 65 && BigInt(slice(signature, 32, 64)) > halfOrder) {
    throw new SignerMismatchError('voucher', undefined, [])
  }
  return signature
}

function refusal(reason: string, cause?: unknown) {
  return new VoucherRefusedError('voucher_invalid', reason, undefined, cause)
}
