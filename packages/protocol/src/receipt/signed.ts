import type { Hex } from 'viem'

import type { Receipt } from './receipt.ts'
import type { SessionKey, TabOrder, Voucher } from './voucher.ts'

/** A receipt with the signature of its operator, or of a signer of it; a receipt document is one. */
export type SignedReceipt = { receipt: Receipt; signature: Hex }

/** A session key with the signature of its payer. */
export type SignedSessionKey = SessionKey & { signature: Hex }

/** A voucher with the signature of its payer, or of the key of `session`. */
export type SignedVoucher = Voucher & { signature: Hex; session?: SignedSessionKey | undefined }

/** A tab order with the signature of its payer. */
export type SignedOrder = TabOrder & { signature: Hex }
