import { type Address, type Hex, isAddressEqual, recoverTypedDataAddress, zeroAddress } from 'viem'

import { SessionKeyError, SignerMismatchError } from './errors.ts'
import { sessionTypedData, type VoucherTypedDataParameters, voucherTypedData } from './typedData.ts'
import type { SessionKey, Voucher } from './voucher.ts'

export type VerifyVoucherParameters = VoucherTypedDataParameters & {
  signature: Hex
  /** Session key that signed the voucher, with the payer's signature of it; left out if the payer's own key did. */
  session?: SessionKey & { signature: Hex }
  /** Unix time in seconds; needed with a session key. */
  timestamp?: bigint
}

/**
 * Checks the signatures of keys on a voucher, without a chain: of the payer, or of a session key and then of the payer on
 * that. Throws `SignerMismatchError` or `SessionKeyError`. A payer that is a contract signs nothing that could be checked here.
 *
 * @example
 * await verifyVoucher({ chainId: 31337, ledger, voucher, signature })
 */
export async function verifyVoucher(parameters: VerifyVoucherParameters): Promise<void> {
  const { signature, session, timestamp, ...signed } = parameters
  const { voucher, chainId, ledger } = signed
  if (session !== undefined) {
    requireCover(session, voucher, timestamp)
    const { signature: consent, ...message } = session
    const typed = { ...sessionTypedData({ chainId, ledger, session: message }), signature: consent }
    requireSigner('session key', await attempt(recoverTypedDataAddress(typed)), voucher.payer)
  }
  const typed = { ...voucherTypedData(signed), signature }
  const key = session?.key ?? voucher.payer
  requireSigner('voucher', await attempt(recoverTypedDataAddress(typed)), key)
}

async function attempt(recovered: Promise<Address>) {
  try {
    return await recovered
  } catch {
    return undefined
  }
}

function requireSigner(subject: string, signer: Address | undefined, expected: Address) {
  if (signer === undefined || !isAddressEqual(signer, expected)) {
    throw new SignerMismatchError(subject, signer, [expected])
  }
}

function requireCover(session: SessionKey, voucher: Voucher, timestamp: bigint | undefined) {
  const { payer, operator, cap, expiry } = session
  if (!isAddressEqual(payer, voucher.payer)) {
    throw new SessionKeyError(`The session key is ${payer}'s, not ${voucher.payer}'s.`)
  }
  if (!isAddressEqual(operator, zeroAddress) && !isAddressEqual(operator, voucher.operator)) {
    throw new SessionKeyError(`The session key is for ${operator}, not for ${voucher.operator}.`)
  }
  if (voucher.cap > cap) {
    throw new SessionKeyError(`The session key may spend ${cap}, not ${voucher.cap}.`)
  }
  if (timestamp === undefined || timestamp >= expiry) {
    throw new SessionKeyError(`The session key expires at ${expiry}, and it is ${timestamp}.`)
  }
}
