import { z } from 'zod'

import type { SignedOrder, SignedVoucher } from '../receipt/signed.ts'
import { decodeHeader, encodeHeader } from './base64url.ts'
import { addressField, hexField, uintField } from './fields.ts'

/** Shape of the header `x-assay-voucher`. */
export const signedVoucherSchema = z.object({
  payer: addressField,
  operator: addressField,
  cap: uintField(128),
  /** By the payer, or by the key of `session`: 64 bytes (ERC-2098) or 65. */
  signature: hexField,
  session: z
    .object({
      payer: addressField,
      key: addressField,
      operator: addressField,
      cap: uintField(128),
      expiry: uintField(64),
      /** By the payer. */
      signature: hexField,
    })
    .optional(),
}) satisfies z.ZodType<SignedVoucher>

/** Shape of the header `x-assay-order`. */
export const signedOrderSchema = z.object({
  payer: addressField,
  operator: addressField,
  total: uintField(128),
  epoch: z.number().int().nonnegative().max(0xffffff),
  signature: hexField,
}) satisfies z.ZodType<SignedOrder>

/** Returns the value of the header `x-assay-voucher`. */
export function encodeVoucherHeader(voucher: SignedVoucher): string {
  return encodeHeader(stringify(voucher))
}

/** Reads the header `x-assay-voucher`; throws `WireFormatError`. */
export function decodeVoucherHeader(value: string): SignedVoucher {
  return decodeHeader('voucher', signedVoucherSchema, value)
}

/** Returns the value of the header `x-assay-order`. */
export function encodeOrderHeader(order: SignedOrder): string {
  return encodeHeader(stringify(order))
}

/** Reads the header `x-assay-order`; throws `WireFormatError`. */
export function decodeOrderHeader(value: string): SignedOrder {
  return decodeHeader('tab order', signedOrderSchema, value)
}

function stringify(value: SignedVoucher | SignedOrder): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part))
}
