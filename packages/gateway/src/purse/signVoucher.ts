import { encodeOrderHeader, encodeVoucherHeader } from '@assay/protocol/http'
import { orderTypedData, voucherTypedData } from '@assay/protocol/receipt'
import { type Address, hashTypedData } from 'viem'

import type { Payer } from './purse.ts'

type Ledger = { chainId: number; ledger: Address }

/** Signs a voucher and returns its header. */
export async function signVoucher(
  { payer, sign, session }: Payer,
  { ledger, ...voucher }: { ledger: Ledger; operator: Address; cap: bigint },
): Promise<string> {
  const message = { payer, ...voucher }
  const signature = await sign(hashTypedData(voucherTypedData({ ...ledger, voucher: message })))
  return encodeVoucherHeader({ ...message, signature, ...(session && { session }) })
}

/** Signs a tab order and returns its header. */
export async function signOrder(
  { payer, sign }: Payer,
  { ledger, ...order }: { ledger: Ledger; operator: Address; total: bigint; epoch: number },
): Promise<string> {
  const message = { payer, ...order }
  const signature = await sign(hashTypedData(orderTypedData({ ...ledger, order: message })))
  return encodeOrderHeader({ ...message, signature })
}
