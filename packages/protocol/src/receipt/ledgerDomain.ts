import type { Address } from 'viem'

export type LedgerDomainParameters = {
  chainId: number
  /** Address of the `ReceiptLedger`. */
  ledger: Address
}

/** Returns the EIP-712 domain in which receipts, vouchers, session keys and tab orders are signed. */
export function ledgerDomain({ chainId, ledger }: LedgerDomainParameters) {
  return { name: 'Assay ReceiptLedger', version: '1', chainId, verifyingContract: ledger } as const
}
