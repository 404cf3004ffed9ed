import { type LedgerDomainParameters, ledgerDomain } from './ledgerDomain.ts'
import { type Receipt, receiptTypes } from './receipt.ts'
import {
  type SessionKey,
  sessionKeyTypes,
  type TabOrder,
  tabOrderTypes,
  type Voucher,
  voucherTypes,
} from './voucher.ts'

export type ReceiptTypedDataParameters = LedgerDomainParameters & { receipt: Receipt }
export type VoucherTypedDataParameters = LedgerDomainParameters & { voucher: Voucher }
export type SessionTypedDataParameters = LedgerDomainParameters & { session: SessionKey }
export type OrderTypedDataParameters = LedgerDomainParameters & { order: TabOrder }

/** Returns what an operator, or a signer of it, signs for an answer. */
export function receiptTypedData({ receipt, ...ledger }: ReceiptTypedDataParameters) {
  const domain = ledgerDomain(ledger)
  return { domain, types: receiptTypes, primaryType: 'Receipt', message: receipt } as const
}

/** Returns what a payer, or a session key of it, signs so that an operator can collect. */
export function voucherTypedData({ voucher, ...ledger }: VoucherTypedDataParameters) {
  const domain = ledgerDomain(ledger)
  return { domain, types: voucherTypes, primaryType: 'Voucher', message: voucher } as const
}

/** Returns what a payer signs so that a key may sign its vouchers. */
export function sessionTypedData({ session, ...ledger }: SessionTypedDataParameters) {
  const domain = ledgerDomain(ledger)
  return { domain, types: sessionKeyTypes, primaryType: 'SessionKey', message: session } as const
}

/** Returns what a payer signs so that anybody may fund its tab. */
export function orderTypedData({ order, ...ledger }: OrderTypedDataParameters) {
  const domain = ledgerDomain(ledger)
  return { domain, types: tabOrderTypes, primaryType: 'TabOrder', message: order } as const
}
